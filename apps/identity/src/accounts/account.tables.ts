import { globalTable, p, personTable } from '@apollo/tenancy/postgres';
import { definer, PLATFORM_ONLY } from './directory.functions.js';

const schema = 'identity';

/**
 * The directory. What makes a person more than any other (operator, may create organizations), and what keeps others
 * out (that there is a second factor, and which; what is not used up yet), stands here and not in the person's own
 * rows, so that nothing done under a person's tag can raise that person or let somebody in.
 */
const accounts = globalTable({
  name: 'Account',
  schema,
  table: 'accounts',
  reason: 'Sign-in finds a person by an address before anybody is known.',
  properties: {
    userId: p.uuid().primary().name('user_id'),
    email: p.text(),
    emailKey: p.text().unique(),
    operator: p.boolean(),
    mayCreateOrgs: p.boolean(),
    createdAt: p.datetime(3),
    /** How often the person was signed out everywhere. */
    signOuts: p.integer().default(0),
    /** Whether nobody signs in without a second factor. */
    secondFactor: p.boolean().default(false),
    /** The one that is confirmed. */
    factorId: p.uuid().nullable(),
    /** The last time step that one signed in by. */
    factorStep: p.bigint('number').nullable(),
    /** The one that waits to be confirmed. */
    pendingFactorId: p.uuid().nullable(),
    /** How long that one waits. */
    pendingFactorUntil: p.datetime(3).nullable(),
    /** Codes that were tried of it, and the attempt that tried the last one. */
    pendingFactorTries: p.integer().default(0),
    pendingFactorTry: p.uuid().nullable(),
    /** Hashes of the recovery codes that are left. */
    recoveryCodes: p.array().columnType('text[]').defaultRaw("'{}'"),
    /**
     * SHA-256 of the password hash that is in force, in hexadecimal: a row with another one is of a password of before.
     */
    passwordDigest: p.text().nullable(),
    /** Of the reset link that was mailed last, until it is used. */
    resetHash: p.text().nullable(),
    resetUntil: p.datetime(3).nullable(),
  },
});

const people = personTable({
  name: 'PersonRecord',
  schema,
  table: 'people',
  properties: { name: p.text(), createdAt: p.datetime(3) },
});

export const accountTables = [accounts, people];

/** The only ways into the directory: one row at a time, the minimum of it, and only for who may ask. */
export const accountFunctions = [
  definer({
    name: 'find_account',
    takes: 'address_key text',
    gives: 'table (user_id uuid)',
    volatility: 'stable',
    body: `${PLATFORM_ONLY}
  return query select a.user_id from ${schema}.accounts a where a.email_key = address_key;`,
  }),
  definer({
    name: 'describe_account',
    takes: 'person uuid',
    gives: 'table (email text, operator boolean, may_create_orgs boolean)',
    volatility: 'stable',
    body: `${PLATFORM_ONLY}
  return query select a.email, a.operator, a.may_create_orgs from ${schema}.accounts a where a.user_id = person;`,
  }),
  definer({
    name: 'my_account',
    takes: '',
    gives: 'table (email text, operator boolean, second_factor boolean, factor_step bigint, password_digest text)',
    volatility: 'stable',
    body: `return query select a.email, a.operator, a.second_factor, a.factor_step, a.password_digest
    from ${schema}.accounts a where a.user_id = tenancy.self_id();`,
  }),
  definer({
    name: 'add_account',
    takes: 'person uuid, address text, address_key text, grants_orgs boolean, moment timestamptz',
    gives: 'void',
    volatility: 'volatile',
    body: `${PLATFORM_ONLY}
  insert into ${schema}.accounts (user_id, email, email_key, operator, may_create_orgs, created_at)
    values (person, address, address_key, false, grants_orgs, moment);`,
  }),
  definer({
    name: 'allow_orgs',
    takes: 'person uuid',
    gives: 'void',
    volatility: 'volatile',
    body: `${PLATFORM_ONLY}
  update ${schema}.accounts a set may_create_orgs = true where a.user_id = person;`,
  }),
  definer({
    name: 'make_operator',
    takes: 'person uuid',
    gives: 'void',
    volatility: 'volatile',
    body: `${PLATFORM_ONLY}
  update ${schema}.accounts a set operator = true where a.user_id = person;`,
  }),
];
