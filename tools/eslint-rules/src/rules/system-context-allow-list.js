import { relative, sep } from 'node:path';
import { staticName } from '../reading/static-value.js';

/** Opens any org for work that nobody asked for, and the bare context below all of that. */
const openers = new Set(['runAsSystem', 'runInTenantContext']);

/** @type {import('eslint').Rule.RuleModule} */
export const systemContextAllowList = {
  meta: {
    type: 'problem',
    docs: {
      description:
        'Acting as the system opens the context of any org; each file that does is known by name and reason.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          allow: {
            type: 'array',
            items: {
              type: 'object',
              properties: { file: { type: 'string' }, reason: { type: 'string', minLength: 20 } },
              required: ['file', 'reason'],
              additionalProperties: false,
            },
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ allow: [] }],
    messages: { context: "'{{name}}' opens the context of any org. This file is not on the list in eslint.config.js." },
  },
  create(context) {
    const { sourceCode } = context;
    const file = relative(context.cwd, context.filename).split(sep).join('/');
    if (context.options[0].allow.some((/** @type {{ file: string }} */ entry) => entry.file === file)) return {};
    const check = (/** @type {any} */ node, /** @type {string | undefined} */ name) => {
      if (name !== undefined && openers.has(name)) context.report({ node, messageId: 'context', data: { name } });
    };
    return {
      // Every place the name can stand, so that an alias, a re-export or a destructuring does not hide it.
      Identifier(/** @type {any} */ node) {
        if (!isNameOfAnother(node)) check(node, node.name);
      },
      MemberExpression(node) {
        check(node, staticName(node, sourceCode));
      },
      Property(/** @type {any} */ node) {
        if (node.computed || node.key.type !== 'Identifier') check(node, staticName(node, sourceCode));
      },
      'ImportSpecifier > Literal, ExportSpecifier > Literal'(/** @type {any} */ node) {
        check(node, node.value);
      },
    };
  },
};

/** Whether another node already stands for this one: `x.name`, and the second half of `{ name }`. @param {any} node */
function isNameOfAnother(node) {
  const { parent } = node;
  if (parent.type === 'MemberExpression') return parent.property === node;
  if (parent.type === 'ImportSpecifier')
    return parent.local === node && parent.imported !== node && parent.imported.name === node.name;
  if (parent.type === 'ExportSpecifier')
    return parent.exported === node && parent.local !== node && parent.local.name === node.name;
  if (parent.type === 'Property') return parent.value === node && parent.key !== node && parent.key.name === node.name;
  return false;
}
