import { findVariable } from '@eslint-community/eslint-utils';
import { staticString, valuesOf } from './static-value.js';

/**
 * @typedef {object} ModuleUse
 * @property {any} node where to report
 * @property {string | undefined} source the module's name; undefined when it is computed while running
 * @property {string | undefined} name the one export taken from it; undefined when all of it is (namespace, `require`,
 *   `import()`)
 * @property {boolean} typeOnly erased by the compiler
 */

/**
 * Listens to every way one module can reach another: import, re-export, `import x = require()`, `import()`,
 * `require()`, `require.resolve()` and `import.meta.resolve()`.
 *
 * @param {import('eslint').SourceCode} sourceCode
 * @param {(use: ModuleUse) => void} onUse
 * @returns {import('eslint').Rule.RuleListener}
 */
export function moduleUses(sourceCode, onUse) {
  const named = (/** @type {any} */ declaration, /** @type {any} */ specifiers) => {
    const source = declaration.source.value;
    const typeDeclaration = declaration.importKind === 'type' || declaration.exportKind === 'type';
    if (specifiers.length === 0) onUse({ node: declaration, source, name: undefined, typeOnly: typeDeclaration });
    for (const specifier of specifiers) {
      const typeOnly = typeDeclaration || specifier.importKind === 'type' || specifier.exportKind === 'type';
      onUse({ node: specifier, source, name: nameTaken(specifier), typeOnly });
    }
  };
  const whole = (/** @type {any} */ node, /** @type {any} */ argument) => {
    if (argument) onUse({ node, source: staticString(argument, sourceCode), name: undefined, typeOnly: false });
  };
  return /** @type {any} */ ({
    ImportDeclaration: (/** @type {any} */ node) => named(node, node.specifiers),
    ExportNamedDeclaration: (/** @type {any} */ node) => node.source && named(node, node.specifiers),
    ExportAllDeclaration: (/** @type {any} */ node) =>
      onUse({ node, source: node.source.value, name: undefined, typeOnly: node.exportKind === 'type' }),
    TSImportEqualsDeclaration: (/** @type {any} */ node) => whole(node, node.moduleReference.expression),
    TSImportType: (/** @type {any} */ node) =>
      onUse({
        node,
        source: (node.source ?? node.argument?.literal)?.value,
        name: outermostQualifier(node.qualifier),
        typeOnly: true,
      }),
    ImportExpression: (/** @type {any} */ node) => whole(node, node.source),
    CallExpression: (/** @type {any} */ node) => {
      if (isRequire(node.callee, sourceCode)) whole(node, node.arguments[0]);
    },
  });
}

/** @param {any} specifier */
function nameTaken(specifier) {
  if (specifier.type === 'ImportNamespaceSpecifier') return undefined;
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  const taken = specifier.type === 'ExportSpecifier' ? specifier.local : specifier.imported;
  return taken.name ?? taken.value;
}

/** @param {any} qualifier `A.B` of `import('m').A.B` */
function outermostQualifier(qualifier) {
  let name = qualifier;
  while (name?.type === 'TSQualifiedName') name = name.left;
  return name?.name;
}

/**
 * `require`, `require.resolve`, `import.meta.resolve`, `module.require`, `createRequire(…)`.
 *
 * @param {any} callee
 * @param {import('eslint').SourceCode} sourceCode
 * @returns {boolean}
 */
function isRequire(callee, sourceCode) {
  if (callee.type === 'Identifier') {
    const declared = (findVariable(sourceCode.getScope(callee), callee)?.defs.length ?? 0) > 0;
    // A function that somebody called `require` loads nothing; a variable made by createRequire does, whatever its
    // name.
    return declared ? valuesOf(callee, sourceCode).some(isCreateRequire) : callee.name === 'require';
  }
  if (isCreateRequire(callee)) return true;
  if (callee.type !== 'MemberExpression') return false;
  const name = callee.property.name ?? callee.property.value;
  const object = callee.object;
  if (name === 'resolve')
    return object.type === 'MetaProperty' || (object.type === 'Identifier' && isRequire(object, sourceCode));
  return (name === 'require' && object.name === 'module') || name === 'getBuiltinModule';
}

/** `createRequire(…)`, `module.createRequire(…)`. @param {any} node */
function isCreateRequire(node) {
  return (
    node.type === 'CallExpression' &&
    (node.callee.name === 'createRequire' || node.callee.property?.name === 'createRequire')
  );
}
