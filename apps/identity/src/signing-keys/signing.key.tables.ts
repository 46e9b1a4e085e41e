import { p, platformTable } from '@apollo/tenancy/postgres';

/** One row per generation; `id` is the key id in tokens. The private part is sealed outside of the database. */
const signingKeys = platformTable({
  name: 'SigningKeyRecord',
  schema: 'identity',
  table: 'signing_keys',
  deletable: true,
  properties: {
    generation: p.integer(),
    publicX: p.text(),
    sealedPrivate: p.text(),
    signsFrom: p.datetime(3),
    createdAt: p.datetime(3),
  },
  uniques: [['generation']],
});

export const signingKeyTables = [signingKeys];
