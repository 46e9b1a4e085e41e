import { moduleUses } from '../reading/module-use.js';
import { staticName, staticString } from '../reading/static-value.js';

const forbidden = new Set(['env', 'loadEnvFile']);

/** @type {import('eslint').Rule.RuleModule} */
export const noProcessEnv = {
  meta: {
    type: 'problem',
    docs: {
      description: 'The environment is read and checked once, in config.ts; everything else takes the typed result.',
    },
    schema: [],
    messages: {
      env: 'Only config.ts reads the environment. Take the value from the configuration.',
      handedOn: "'process' is handed on as a whole here, and its environment with it. Use the member you need.",
    },
  },
  create(context) {
    const { sourceCode } = context;
    const report = (/** @type {any} */ node) => context.report({ node, messageId: 'env' });
    return {
      ...moduleUses(sourceCode, ({ node, source, name, typeOnly }) => {
        if (typeOnly || !/^(node:)?process$/.test(source ?? '')) return;
        if (name === undefined || forbidden.has(name)) report(node);
        else if (name === 'default') checkReferences(sourceCode.getDeclaredVariables(node)[0]?.references ?? []);
      }),
      'Program:exit'(/** @type {any} */ program) {
        const scope = sourceCode.getScope(program);
        checkReferences(
          [
            ...scope.through,
            ...(scope.set.get('process')?.defs.length === 0 ? (scope.set.get('process')?.references ?? []) : []),
          ].filter(
            (reference, index, all) => reference.identifier.name === 'process' && all.indexOf(reference) === index,
          ),
        );
      },
      MemberExpression(node) {
        // globalThis.process.env, global['process'].env
        if (!forbidden.has(staticName(node, sourceCode) ?? '')) return;
        if (node.object.type === 'MemberExpression' && staticName(node.object, sourceCode) === 'process') report(node);
      },
    };

    /** @param {import('eslint').Scope.Reference[]} references */
    function checkReferences(references) {
      for (const { identifier } of references) {
        const { parent } = /** @type {any} */ (identifier);
        if (parent.type === 'MemberExpression' && parent.object === identifier) checkMember(parent);
        else if (parent.type === 'VariableDeclarator' && parent.id.type === 'ObjectPattern') checkPattern(parent.id);
        else if (isType(parent) || (parent.type === 'UnaryExpression' && parent.operator === 'typeof')) continue;
        else context.report({ node: /** @type {any} */ (identifier), messageId: 'handedOn' });
      }
    }

    /** @param {any} member */
    function checkMember(member) {
      const name = staticName(member, sourceCode);
      if (name === undefined) context.report({ node: member, messageId: 'handedOn' });
      else if (forbidden.has(name)) report(member);
    }

    /** @param {any} pattern */
    function checkPattern(pattern) {
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') context.report({ node: property, messageId: 'handedOn' });
        else if (
          forbidden.has(
            (property.computed ? staticString(property.key, sourceCode) : staticName(property, sourceCode)) ?? 'env',
          )
        )
          report(property);
      }
    }
  },
};

/** @param {any} parent */
function isType(parent) {
  return (
    parent.type.startsWith('TS') &&
    !['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'TSTypeAssertion'].includes(parent.type)
  );
}
