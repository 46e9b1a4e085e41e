import ts from 'typescript';
import { sqlMutants } from './mutant.sql.mjs';

/**
 * @typedef {object} Change
 * @property {ts.Node} node the expression that is evaluated differently
 * @property {string} kind
 * @property {string} text what stands in its place
 * @property {ts.Node} [whole] what is replaced where that is more than the expression: a property, a statement
 */

const K = ts.SyntaxKind;

/** What stands for an operator: the nearest one that means something else. */
const OPERATORS = new Map([
  [K.LessThanToken, ['boundary', '<=']],
  [K.LessThanEqualsToken, ['boundary', '<']],
  [K.GreaterThanToken, ['boundary', '>=']],
  [K.GreaterThanEqualsToken, ['boundary', '>']],
  [K.EqualsEqualsEqualsToken, ['condition', '!==']],
  [K.ExclamationEqualsEqualsToken, ['condition', '===']],
  [K.AmpersandAmpersandToken, ['condition', '||']],
  [K.BarBarToken, ['condition', '&&']],
  [K.PlusToken, ['arithmetic', '-']],
  [K.MinusToken, ['arithmetic', '+']],
  [K.AsteriskToken, ['arithmetic', '/']],
  [K.SlashToken, ['arithmetic', '*']],
  [K.PercentToken, ['arithmetic', '*']],
]);

const OPPOSITE = new Set([K.EqualsEqualsEqualsToken, K.ExclamationEqualsEqualsToken]);

/** Methods without which, or with the other one of which, a list or a text is another. */
const LEFT_OUT = new Set(['filter', 'sort', 'toSorted', 'reverse', 'slice', 'trim', 'flat', 'toLowerCase']);
const OTHER_METHOD = { every: 'some', some: 'every', min: 'max', max: 'min', startsWith: 'endsWith' };

/** What is thrown or written for people to read: another wording breaks no promise. */
const FOR_PEOPLE = /\s/;

/**
 * What may be changed at one place, each change by itself.
 *
 * @param {ts.Node} node
 * @param {ts.SourceFile} source
 * @returns {Change[]}
 */
export function changesAt(node, source) {
  const text = (/** @type {ts.Node} */ of) => of.getText(source);
  return [...(ts.isExpression(node) ? ofExpression(node, text) : []), ...ofStatement(node, text), ...ofProperty(node)];
}

/** @param {ts.Node} node @param {(of: ts.Node) => string} text @returns {Change[]} */
function ofExpression(node, text) {
  if (ts.isBinaryExpression(node)) return ofBinary(node, text);
  if (ts.isAwaitExpression(node)) return [{ node, kind: 'await', text: text(node.expression) }];
  if (ts.isCallExpression(node)) return ofCall(node, text);
  if (ts.isPrefixUnaryExpression(node) && node.operator === K.ExclamationToken)
    return [{ node, kind: 'condition', text: text(node.operand) }];
  if (ts.isConditionalExpression(node)) return negated(node.condition, text);
  if (ts.isArrayLiteralExpression(node) && node.elements.length > 0 && !isTarget(node))
    return [{ node, kind: 'constant', text: '[]' }];
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body) && isSomething(node.body))
    return [{ node: node.body, kind: 'return', text: 'undefined' }];
  return ofConstant(node, text);
}

/** @param {ts.BinaryExpression} node @param {(of: ts.Node) => string} text @returns {Change[]} */
function ofBinary(node, text) {
  const { operatorToken, left, right } = node;
  if (operatorToken.kind === K.QuestionQuestionToken) return [{ node, kind: 'condition', text: text(left) }];
  const [kind, other] = OPERATORS.get(operatorToken.kind) ?? [];
  // Texts are put together by `+`, too: what is taken from one of them is no number, which says little.
  if (!other || (operatorToken.kind === K.PlusToken && [left, right].some(ts.isStringLiteralLike))) return [];
  return [{ node, kind, text: `(${text(left)} ${other} ${text(right)})` }];
}

/** @param {ts.CallExpression} node @param {(of: ts.Node) => string} text @returns {Change[]} */
function ofCall(node, text) {
  const { expression, arguments: given } = node;
  if (expression.kind === K.SuperKeyword || expression.kind === K.ImportKeyword) return [];
  const changes = [];
  const types = node.typeArguments ? `<${node.typeArguments.map(text).join(', ')}>` : '';
  if (given.length > 1) {
    const kept = given.slice(0, -1).map(text).join(', ');
    const called = `${text(expression)}${node.questionDotToken ? '?.' : ''}${types}`;
    changes.push({ node, kind: 'argument', text: `${called}(${kept})` });
  }
  if (!ts.isPropertyAccessExpression(expression) || expression.questionDotToken) return changes;
  const method = expression.name.text;
  const of = text(expression.expression);
  if (LEFT_OUT.has(method)) changes.push({ node, kind: 'method', text: of });
  if (Object.hasOwn(OTHER_METHOD, method))
    changes.push({ node, kind: 'method', text: `${of}.${OTHER_METHOD[method]}(${given.map(text).join(', ')})` });
  return changes;
}

/** @param {ts.Node} node @param {(of: ts.Node) => string} text @returns {Change[]} */
function ofConstant(node, text) {
  if (node.kind === K.TrueKeyword) return [{ node, kind: 'constant', text: 'false' }];
  if (node.kind === K.FalseKeyword) return [{ node, kind: 'constant', text: 'true' }];
  if (isName(node)) return [];
  if (ts.isNumericLiteral(node)) return [{ node, kind: 'constant', text: `(${text(node)} + 1)` }];
  if (ts.isTemplateExpression(node) || ts.isStringLiteralLike(node)) {
    if (ts.isTaggedTemplateExpression(node.parent)) return [];
    const inSql = sqlMutants(text(node)).map((changed) => ({ node, kind: 'sql', text: changed }));
    if (inSql.length > 0 || FOR_PEOPLE.test(text(node))) return inSql;
    return [{ node, kind: 'constant', text: text(node).length > 2 ? "''" : "'changed'" }];
  }
  return [];
}

/** @param {ts.Node} node @param {(of: ts.Node) => string} text @returns {Change[]} */
function ofStatement(node, text) {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node))
    return negated(node.expression, text);
  if (ts.isForStatement(node) && node.condition) return negated(node.condition, text);
  if (ts.isReturnStatement(node) && node.expression && isSomething(node.expression))
    return [{ node: node.expression, kind: 'return', text: 'undefined' }];
  if (ts.isThrowStatement(node)) return [{ node: node.expression, kind: 'statement', text: ';', whole: node }];
  if (ts.isExpressionStatement(node) && !isSuperCall(node.expression))
    return [{ node: node.expression, kind: 'statement', text: ';', whole: node }];
  return [];
}

/** @param {ts.Node} node @returns {Change[]} */
function ofProperty(node) {
  if (!ts.isObjectLiteralExpression(node.parent) || isTarget(node.parent)) return [];
  const removed = { kind: 'property', text: '', whole: node };
  if (ts.isPropertyAssignment(node)) return [{ node: node.initializer, ...removed }];
  if (ts.isShorthandPropertyAssignment(node)) return [{ node: node.name, ...removed }];
  if (ts.isSpreadAssignment(node)) return [{ node: node.expression, ...removed }];
  return [];
}

/** Whether a literal is assigned to: `[a, b] = …`. @param {ts.Node} node @returns {boolean} */
function isTarget(node) {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return parent.operatorToken.kind === K.EqualsToken && parent.left === node;
  return ts.isForOfStatement(parent) && parent.initializer === node;
}

/** Whether a literal names a module, a property or a member. @param {ts.Node} node */
function isName(node) {
  const { parent } = node;
  return (
    ts.isImportDeclaration(parent) ||
    ts.isExportDeclaration(parent) ||
    ts.isEnumMember(parent) ||
    (ts.isCallExpression(parent) && parent.expression.kind === K.ImportKeyword) ||
    ('name' in parent && parent.name === node)
  );
}

/** What is the opposite by its own operator is so already. @param {ts.Expression} condition @returns {Change[]} */
function negated(condition, /** @type {(of: ts.Node) => string} */ text) {
  const isOwn =
    (ts.isPrefixUnaryExpression(condition) && condition.operator === K.ExclamationToken) ||
    (ts.isBinaryExpression(condition) && OPPOSITE.has(condition.operatorToken.kind));
  return isOwn ? [] : [{ node: condition, kind: 'condition', text: `!(${text(condition)})` }];
}

/** @param {ts.Expression} node */
function isSuperCall(node) {
  return ts.isCallExpression(node) && node.expression.kind === K.SuperKeyword;
}

/** Whether there is anything to return; what is undefined anyway is not. @param {ts.Node} node */
function isSomething(node) {
  return !ts.isVoidExpression(node) && !(ts.isIdentifier(node) && node.text === 'undefined');
}
