import { globalTable, p, personTable } from '@apollo/tenancy/postgres';

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
    /** The session that began it. */
    pendingFactorSession: p.uuid().nullable(),
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
