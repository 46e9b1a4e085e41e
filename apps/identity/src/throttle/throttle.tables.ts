import { p, platformTable } from '@apollo/tenancy/postgres';

/** Failed attempts per fingerprint: of an address, of an origin, of both together. Holds neither in clear. */
const throttles = platformTable({
  name: 'Throttle',
  schema: 'identity',
  table: 'throttles',
  deletable: true,
  properties: {
    failures: p.integer(),
    lastAt: p.datetime(3),
    blockedUntil: p.datetime(3).nullable(),
    provedAt: p.datetime(3).nullable(),
  },
  indexes: [['lastAt']],
});

export const throttleTables = [throttles];
