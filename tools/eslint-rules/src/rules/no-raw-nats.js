import { moduleUses } from '../reading/module-use.js';
import { staticName } from '../reading/static-value.js';

const natsModules = [/^@nats-io\//, /^nats([./-]|$)/, /^ts-nats/, /^node-nats/, /^@nestjs\/microservices\/.*nats/];

/** Nest's own clients and servers: no envelope, no signature, no queue group. */
const nestModule = /^@nestjs\/microservices(\/|$)/;
const nestNames = /^(ClientProxyFactory|ClientsModule|Client|ClientNats|ServerNats|Nats\w*)$/;
/** The value of `Transport.NATS`. */
const natsTransport = 2;

/** @type {import('eslint').Rule.RuleModule} */
export const noRawNats = {
  meta: {
    type: 'problem',
    docs: { description: 'Only libs/messaging speaks to NATS, so that every message carries a signed envelope.' },
    schema: [],
    messages: {
      module: "'{{source}}' sends messages without an envelope. Use what @apollo/messaging offers.",
      nest: "Nest's own '{{name}}' sends messages without an envelope. Use what @apollo/messaging offers.",
      whole: "Import the names you need from '{{source}}', so that what is used can be seen.",
    },
  },
  create(context) {
    const { sourceCode } = context;
    return {
      ...moduleUses(sourceCode, ({ node, source, name }) => {
        if (source === undefined) return; // no-raw-database reports a computed name
        if (natsModules.some((pattern) => pattern.test(source)))
          context.report({ node, messageId: 'module', data: { source } });
        else if (nestModule.test(source)) {
          if (name === undefined) context.report({ node, messageId: 'whole', data: { source } });
          else if (nestNames.test(name)) context.report({ node, messageId: 'nest', data: { name } });
        }
      }),
      MemberExpression(/** @type {any} */ node) {
        if (staticName(node, sourceCode) === 'NATS' && isTransport(node.object)) report(node);
      },
      Property(/** @type {any} */ node) {
        if (node.parent.type !== 'ObjectPattern') {
          if (staticName(node, sourceCode) === 'transport' && node.value.value === natsTransport) report(node);
          return;
        }
        const given = node.parent.parent.type === 'VariableDeclarator' ? node.parent.parent.init : undefined;
        if (staticName(node, sourceCode) === 'NATS' && given && isTransport(given)) report(node);
      },
    };

    /** @param {any} node */
    function report(node) {
      context.report({ node, messageId: 'nest', data: { name: 'Transport.NATS' } });
    }

    /** Whether this is Nest's `Transport`, under whatever name it was imported. @param {any} node */
    function isTransport(node) {
      if (node.type !== 'Identifier') return staticName(node, sourceCode) === 'Transport';
      for (let scope = sourceCode.getScope(node); scope; scope = /** @type {any} */ (scope.upper)) {
        const definition = /** @type {any} */ (scope.set.get(node.name)?.defs[0]);
        if (definition)
          return (
            definition.type === 'ImportBinding' &&
            nestModule.test(definition.parent.source?.value) &&
            definition.node.imported?.name === 'Transport'
          );
      }
      return false;
    }
  },
};
