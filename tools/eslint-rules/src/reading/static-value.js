import { getPropertyName, getStaticValue } from '@eslint-community/eslint-utils';

/**
 * The string an expression always has: a literal, a template, a concatenation, a const.
 *
 * @param {any} node
 * @param {import('eslint').SourceCode} sourceCode
 * @returns {string | undefined} undefined when it is not known before the program runs
 */
export function staticString(node, sourceCode) {
  const known = getStaticValue(node, sourceCode.getScope(node));
  return typeof known?.value === 'string' ? known.value : undefined;
}

/**
 * The name of a member, property key or method, however it is written: `a.b`, `a?.b`, `a['b']`, `a[`b`]`,
 * `{ ['b']: 1 }`.
 *
 * @param {any} node MemberExpression, Property, MethodDefinition or PropertyDefinition
 * @param {import('eslint').SourceCode} sourceCode
 * @returns {string | undefined}
 */
export function staticName(node, sourceCode) {
  return getPropertyName(node, sourceCode.getScope(node)) ?? undefined;
}

/**
 * Takes off what TypeScript wraps around a value: `x as T`, `x satisfies T`, `x!`, `<T>x`, `x?.y`.
 *
 * @param {any} node
 */
export function unwrapped(node) {
  let inner = node;
  while (
    inner &&
    [
      'TSAsExpression',
      'TSSatisfiesExpression',
      'TSNonNullExpression',
      'TSTypeAssertion',
      'TSInstantiationExpression',
      'ChainExpression',
    ].includes(inner.type)
  ) {
    inner = inner.expression;
  }
  return inner;
}

/**
 * What a variable was given when it was declared or by plain assignment.
 *
 * @param {any} identifier
 * @param {import('eslint').SourceCode} sourceCode
 * @returns {any[]} expressions; empty for parameters, imports and globals
 */
export function valuesOf(identifier, sourceCode) {
  for (let scope = sourceCode.getScope(identifier); scope; scope = /** @type {any} */ (scope.upper)) {
    const variable = scope.set.get(identifier.name);
    if (variable)
      return variable.references.flatMap((reference) =>
        reference.writeExpr && isWhole(reference) ? [reference.writeExpr] : [],
      );
  }
  return [];
}

/** `const x = value`, and not `const { x } = value`. @param {import('eslint').Scope.Reference} reference */
function isWhole(reference) {
  const parent = /** @type {any} */ (reference.identifier).parent;
  return parent?.type === 'VariableDeclarator' || parent?.type === 'AssignmentExpression';
}
