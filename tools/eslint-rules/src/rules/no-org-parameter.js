import { staticName } from '../reading/static-value.js';

/** `orgId`, `org_id`, `organizationId`, `tenantId`, also as the end of a longer name: `targetOrgId`. */
const orgName = /(?:^|_)(?:org|organi[sz]ation|tenant)_?(?:uu)?ids?$/;

/** @type {import('eslint').Rule.RuleModule} */
export const noOrgParameter = {
  meta: {
    type: 'problem',
    docs: {
      description:
        'For whom we act is read from the context, never handed around: what is not passed cannot be passed wrongly.',
    },
    schema: [],
    messages: { parameter: "'{{name}}' is handed in. The context knows the org; take the parameter away." },
  },
  create(context) {
    const { sourceCode } = context;
    const check = (/** @type {any} */ node) => {
      for (const parameter of node.params ?? node.parameters ?? []) visit(parameter);
    };
    return {
      FunctionDeclaration: check,
      FunctionExpression: check,
      ArrowFunctionExpression: check,
      TSDeclareFunction: check,
      TSEmptyBodyFunctionExpression: check,
      TSMethodSignature: check,
      TSFunctionType: check,
      TSConstructorType: check,
      TSCallSignatureDeclaration: check,
      TSConstructSignatureDeclaration: check,
    };

    /** @param {any} node a parameter or a part of one */
    function visit(node) {
      switch (node?.type) {
        case 'Identifier':
          name(node, node.name);
          return type(node.typeAnnotation?.typeAnnotation);
        case 'AssignmentPattern':
          return visit(node.left);
        case 'RestElement':
          return visit(node.argument);
        case 'TSParameterProperty':
          return visit(node.parameter);
        case 'ArrayPattern':
          node.elements.forEach(visit);
          return type(node.typeAnnotation?.typeAnnotation);
        case 'ObjectPattern': {
          for (const property of node.properties) {
            if (property.type === 'RestElement') visit(property);
            else if (!name(property, staticName(property, sourceCode))) visit(property.value);
          }
          return;
        }
      }
    }

    /** An object type written in place: `(input: { orgId: string })`. @param {any} annotation */
    function type(annotation) {
      if (annotation?.type === 'TSIntersectionType' || annotation?.type === 'TSUnionType')
        annotation.types.forEach(type);
      if (annotation?.type === 'TSTypeReference') annotation.typeArguments?.params.forEach(type);
      if (annotation?.type !== 'TSTypeLiteral') return;
      for (const member of annotation.members) {
        if (member.type === 'TSPropertySignature') name(member, member.key.name ?? member.key.value);
      }
    }

    /** @param {any} node @param {string | undefined} text @returns {boolean} whether it was reported */
    function name(node, text) {
      if (text === undefined || !orgName.test(snake(text))) return false;
      context.report({ node, messageId: 'parameter', data: { name: text } });
      return true;
    }
  },
};

/** @param {string} text */
function snake(text) {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/-/g, '_')
    .toLowerCase();
}
