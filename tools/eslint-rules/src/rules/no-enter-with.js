import { moduleUses } from '../reading/module-use.js';
import { staticName } from '../reading/static-value.js';

/** @type {import('eslint').Rule.RuleModule} */
export const noEnterWith = {
  meta: {
    type: 'problem',
    docs: {
      description: 'A context is opened with run and closed by leaving it; a second store beside it could disagree.',
    },
    schema: [{ type: 'object', properties: { storageAllowed: { type: 'boolean' } }, additionalProperties: false }],
    defaultOptions: [{ storageAllowed: false }],
    messages: {
      enterWith: "'enterWith' leaves the context open for whatever runs next on this thread. Use run.",
      storage: 'Only libs/tenancy owns an AsyncLocalStorage. Use its context.',
    },
  },
  create(context) {
    const { sourceCode } = context;
    const { storageAllowed } = context.options[0];
    const enterWith = (/** @type {any} */ node) => {
      if (staticName(node, sourceCode) === 'enterWith') context.report({ node, messageId: 'enterWith' });
    };
    return {
      MemberExpression: enterWith,
      Property: (/** @type {any} */ node) => {
        if (node.parent.type === 'ObjectPattern') enterWith(node);
      },
      ...(storageAllowed
        ? {}
        : moduleUses(sourceCode, ({ node, source, name, typeOnly }) => {
            if (typeOnly || !/^(node:)?async_hooks$/.test(source ?? '')) return;
            if (name === undefined || name === 'default' || name === 'AsyncLocalStorage')
              context.report({ node, messageId: 'storage' });
          })),
      NewExpression(/** @type {any} */ node) {
        const name =
          node.callee.name ??
          (node.callee.type === 'MemberExpression' ? staticName(node.callee, sourceCode) : undefined);
        if (!storageAllowed && name === 'AsyncLocalStorage') context.report({ node, messageId: 'storage' });
      },
    };
  },
};
