import { globalTable, p } from '@apollo/tenancy/postgres';

/**
 * Deleted organizations: when their data is to be purged, and the receipt of what each service has purged. A row
 * outlives its organization, and says nothing of it but how many rows there were.
 */
export const purges = globalTable({
  name: 'Purge',
  schema: 'orgs',
  table: 'purges',
  reason: 'Any replica must find whose time is up before it knows for which organization it will act.',
  properties: {
    orgId: p.uuid().primary().name('org_id'),
    dueAt: p.datetime(3),
    /** When somebody is to look after it: again after a while, where a service was away or a process went down. */
    lookAt: p.datetime(3),
    /** By service, its last `PurgeReceipt`. */
    parts: p.json(),
    purgedAt: p.datetime(3).nullable(),
  },
  rawIndexes: [
    {
      name: 'purges_due',
      expression: 'create index purges_due on orgs.purges (look_at) where purged_at is null',
    },
  ],
});
