import { p, personTable } from '@apollo/tenancy/postgres';

const schema = 'identity';

/** One row per person, under the person's own id. */
const credentials = personTable({
  name: 'Credential',
  schema,
  table: 'credentials',
  properties: { passwordHash: p.text(), changedAt: p.datetime(3) },
});

/** Mailed reset links, by the hash of their token. A new one replaces the one before. */
const resets = personTable({
  name: 'PasswordReset',
  schema,
  table: 'password_resets',
  deletable: true,
  properties: { tokenHash: p.text(), createdAt: p.datetime(3), expiresAt: p.datetime(3) },
  uniques: [['tokenHash']],
});

export const passwordTables = [credentials, resets];
