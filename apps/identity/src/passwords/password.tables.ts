import { p, personTable } from '@apollo/tenancy/postgres';

const schema = 'identity';

/** One row per person, under the person's own id. */
const credentials = personTable({
  name: 'Credential',
  schema,
  table: 'credentials',
  properties: { passwordHash: p.text(), changedAt: p.datetime(3) },
});

export const passwordTables = [credentials];
