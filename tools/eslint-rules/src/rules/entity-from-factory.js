import { moduleUses } from '../reading/module-use.js';
import { staticName, unwrapped } from '../reading/static-value.js';

const rawEntity = /^(defineEntity|EntitySchema|Entity|Embeddable|defineEntityProperties)$/;
const ormModule = /^@mikro-orm\//;
const shortestReason = 20;

/** @type {import('eslint').Rule.RuleModule} */
export const entityFromFactory = {
  meta: {
    type: 'problem',
    docs: {
      description:
        'Tables are declared through the factories of @apollo/tenancy/postgres, which bring policies and keys along.',
    },
    schema: [],
    messages: {
      raw: "'{{name}}' declares a table without policies. Use tenantTable, tenantPersonalTable, personTable, platformTable or globalTable of @apollo/tenancy/postgres.",
      reason: `A table without an org needs a literal 'reason' of at least ${shortestReason} characters: it is printed in the evidence.`,
      indirect: 'Call globalTable directly, with its reason written down in the same place.',
    },
  },
  create(context) {
    const { sourceCode } = context;
    const raw = (/** @type {any} */ node, /** @type {string} */ name) =>
      context.report({ node, messageId: 'raw', data: { name } });
    return {
      ...moduleUses(sourceCode, ({ node, source, name, typeOnly }) => {
        if (typeOnly || source === undefined || !ormModule.test(source)) return;
        if (source.startsWith('@mikro-orm/decorators')) raw(node, source);
        else if (name !== undefined && rawEntity.test(name)) raw(node, name);
      }),
      // Also without an import in this file: handed on through another module or a namespace.
      CallExpression(/** @type {any} */ node) {
        const name = calleeName(node);
        if (name === 'defineEntity') raw(node, name);
        if (isGlobalTable(unwrapped(node.callee)) && !node.arguments.some(hasReason))
          context.report({ node, messageId: 'reason' });
      },
      NewExpression(/** @type {any} */ node) {
        if (calleeName(node) === 'EntitySchema') raw(node, 'EntitySchema');
      },
      ClassDeclaration(/** @type {any} */ node) {
        const parent = node.superClass && unwrapped(node.superClass);
        if (parent && (parent.name ?? staticNameOf(parent)) === 'EntitySchema') raw(node, 'EntitySchema');
      },
      Decorator(/** @type {any} */ node) {
        const name =
          node.expression.type === 'CallExpression'
            ? calleeName(node.expression)
            : (node.expression.name ?? staticNameOf(node.expression));
        if (name === 'Entity' || name === 'Embeddable') raw(node, `@${name}`);
      },
      Identifier(/** @type {any} */ node) {
        if (isGlobalTable(node) && !isCalledOrNamed(node)) context.report({ node, messageId: 'indirect' });
      },
      MemberExpression(/** @type {any} */ node) {
        if (isGlobalTable(node) && !isCallee(node)) context.report({ node, messageId: 'indirect' });
      },
    };

    /** @param {any} node */
    function staticNameOf(node) {
      return node.type === 'MemberExpression' ? staticName(node, sourceCode) : undefined;
    }

    /** @param {any} call */
    function calleeName(call) {
      const callee = unwrapped(call.callee);
      return callee.name ?? staticNameOf(callee);
    }

    /** globalTable itself, whatever it is called here. @param {any} node */
    function isGlobalTable(node) {
      if (node.type === 'MemberExpression') return staticName(node, sourceCode) === 'globalTable';
      if (node.type !== 'Identifier') return false;
      for (let scope = sourceCode.getScope(node); scope; scope = /** @type {any} */ (scope.upper)) {
        const definition = /** @type {any} */ (scope.set.get(node.name)?.defs[0]);
        if (definition)
          return (
            definition.type === 'ImportBinding' &&
            (definition.node.imported?.name ?? definition.node.imported?.value) === 'globalTable'
          );
      }
      return node.name === 'globalTable';
    }
  },
};

/** @param {any} argument */
function hasReason(argument) {
  const value = unwrapped(argument);
  if (value.type !== 'ObjectExpression') return false;
  return value.properties.some((/** @type {any} */ property) => {
    if (property.type !== 'Property' || (property.key.name ?? property.key.value) !== 'reason') return false;
    const text =
      property.value.type === 'TemplateLiteral' && property.value.expressions.length === 0
        ? property.value.quasis[0].value.cooked
        : property.value.value;
    return typeof text === 'string' && text.trim().length >= shortestReason;
  });
}

/** Places where the name may stand without being handed on. @param {any} node */
function isCalledOrNamed(node) {
  const { parent } = node;
  if (isCallee(node)) return true;
  if (parent.type === 'MemberExpression') return parent.property === node && !parent.computed;
  if (parent.type === 'Property') return parent.key === node && parent.value !== node;
  if (parent.type === 'ExportSpecifier') return parent.exported === node; // the local half is reported
  return parent.type === 'ImportSpecifier' || parent.type === 'TSTypeQuery';
}

/** `f()`, `f?.()`, `f<T>()`. @param {any} node */
function isCallee(node) {
  const { parent } = node;
  return (
    (parent.type === 'CallExpression' && parent.callee === node) ||
    (parent.type === 'ChainExpression' && isCallee(parent))
  );
}
