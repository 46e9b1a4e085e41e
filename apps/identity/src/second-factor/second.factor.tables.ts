import { p, personTable } from '@apollo/tenancy/postgres';

const schema = 'identity';

/**
 * At most one `pending` and one `confirmed` secret per person. Which one waits and which is confirmed, the last time
 * step that signed in, and what is left of the recovery codes, the directory says.
 */
const factors = personTable({
  name: 'TotpFactor',
  schema,
  table: 'totp_factors',
  deletable: true,
  properties: {
    state: p.text(),
    sealedSecret: p.text(),
    createdAt: p.datetime(3),
  },
  uniques: [['state']],
});

export const secondFactorTables = [factors];
