import { p, personTable } from '@apollo/tenancy/postgres';

const schema = 'identity';

/** At most one `pending` and one `confirmed` secret per person; `lastStep` is the last time step that signed in. */
const factors = personTable({
  name: 'TotpFactor',
  schema,
  table: 'totp_factors',
  deletable: true,
  properties: {
    state: p.text(),
    sealedSecret: p.text(),
    lastStep: p.bigint('number').nullable(),
    createdAt: p.datetime(3),
  },
  uniques: [['state']],
});

/** What is left of the recovery codes: a used one is gone. */
const recoveryCodes = personTable({
  name: 'RecoveryCode',
  schema,
  table: 'recovery_codes',
  deletable: true,
  properties: { codeHash: p.text() },
  uniques: [['codeHash']],
});

export const secondFactorTables = [factors, recoveryCodes];
