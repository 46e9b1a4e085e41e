import { p, platformTable } from '@apollo/tenancy/postgres';

/** pending → activated | superseded; a pending one past `expiresAt` works no more. */
const grants = platformTable({
  name: 'AccessGrantRecord',
  schema: 'identity',
  table: 'access_grants',
  properties: {
    email: p.text(),
    emailKey: p.text(),
    tokenHash: p.text().nullable(),
    state: p.text(),
    issuedBy: p.uuid(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    activatedAt: p.datetime(3).nullable(),
  },
  uniques: [['tokenHash']],
  rawIndexes: [
    {
      name: 'access_grants_one_pending',
      expression:
        "create unique index access_grants_one_pending on identity.access_grants (realm, email_key) where state = 'pending'",
    },
  ],
});

export const grantTables = [grants];
