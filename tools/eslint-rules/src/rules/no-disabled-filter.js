import { getStaticValue } from '@eslint-community/eslint-utils';
import { staticName, staticString, unwrapped, valuesOf } from '../reading/static-value.js';

/** Methods that would re-bind a tenant filter to other parameters than the context's. */
const rebinding = new Set(['setFilterParams', 'addFilter']);

/** @type {import('eslint').Rule.RuleModule} */
export const noDisabledFilter = {
  meta: {
    type: 'problem',
    docs: { description: 'The application filters by org as well as the database; nobody switches that off.' },
    schema: [
      {
        type: 'object',
        properties: { names: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ names: ['org', 'user', 'tenant', 'actor'] }],
    messages: {
      disabled: 'This switches the tenant filter off. Row-level security still holds, but both are promised.',
      rebound: "'{{name}}' re-binds filters. The tenant filter takes its parameters from the context alone.",
    },
  },
  create(context) {
    const { sourceCode } = context;
    const names = new Set(/** @type {string[]} */ (context.options[0].names));
    const check = (/** @type {any} */ node, /** @type {any} */ value) => {
      if (disables(value, 0)) context.report({ node, messageId: 'disabled' });
    };
    return {
      Property(/** @type {any} */ node) {
        if (node.parent.type === 'ObjectExpression' && staticName(node, sourceCode) === 'filters')
          check(node, node.value);
      },
      PropertyDefinition(/** @type {any} */ node) {
        if (node.value && staticName(node, sourceCode) === 'filters') check(node, node.value);
      },
      AssignmentExpression(/** @type {any} */ node) {
        const target = unwrapped(node.left);
        if (target.type !== 'MemberExpression') return;
        const name = staticName(target, sourceCode);
        if (name === 'filters') check(node, node.right);
        const owner = unwrapped(target.object);
        // options.filters.org = false
        if (
          name !== undefined &&
          names.has(name) &&
          owner.type === 'MemberExpression' &&
          staticName(owner, sourceCode) === 'filters' &&
          isFalse(node.right, 0)
        ) {
          context.report({ node, messageId: 'disabled' });
        }
      },
      CallExpression(/** @type {any} */ node) {
        const callee = unwrapped(node.callee);
        const name = callee.type === 'MemberExpression' ? staticName(callee, sourceCode) : undefined;
        if (name !== undefined && rebinding.has(name)) context.report({ node, messageId: 'rebound', data: { name } });
        // Object.assign(options, …), Reflect.set(options, 'filters', false)
        if (
          (name === 'set' || name === 'defineProperty') &&
          node.arguments[1] &&
          staticString(node.arguments[1], sourceCode) === 'filters'
        ) {
          check(node, node.arguments[2]);
        }
      },
    };

    /**
     * Whether a value of `filters` switches all filters or a tenant filter off.
     *
     * @param {any} node
     * @param {number} depth
     * @returns {boolean}
     */
    function disables(node, depth) {
      const value = unwrapped(node);
      if (!value || depth > 6) return false;
      if (isFalse(value, depth)) return true;
      switch (value.type) {
        case 'ConditionalExpression':
          return disables(value.consequent, depth + 1) || disables(value.alternate, depth + 1);
        case 'LogicalExpression':
          return disables(value.left, depth + 1) || disables(value.right, depth + 1);
        case 'Identifier':
          return valuesOf(value, sourceCode).some((given) => disables(given, depth + 1));
        case 'ObjectExpression':
          return value.properties.some((/** @type {any} */ property) => {
            if (property.type === 'SpreadElement')
              return disables(property.argument, depth + 1) && !isFalse(property.argument, depth);
            const name = staticName(property, sourceCode);
            // A computed name that cannot be known may well be the tenant filter's.
            return (name === undefined || names.has(name)) && isFalse(property.value, depth + 1);
          });
        case 'CallExpression':
          // Object.freeze({ org: false }), Object.assign({}, { org: false })
          return value.arguments.some(
            (/** @type {any} */ argument) => argument.type === 'ObjectExpression' && disables(argument, depth + 1),
          );
        default:
          return false;
      }
    }

    /** @param {any} node @param {number} depth @returns {boolean} */
    function isFalse(node, depth) {
      const value = unwrapped(node);
      if (!value || depth > 6) return false;
      const known = getStaticValue(value, sourceCode.getScope(value));
      if (known) return known.value === false;
      if (value.type === 'ConditionalExpression')
        return isFalse(value.consequent, depth + 1) || isFalse(value.alternate, depth + 1);
      if (value.type === 'LogicalExpression') return isFalse(value.right, depth + 1);
      return value.type === 'Identifier' && valuesOf(value, sourceCode).some((given) => isFalse(given, depth + 1));
    }
  },
};
