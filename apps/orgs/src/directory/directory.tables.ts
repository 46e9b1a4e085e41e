import { globalTable, p } from '@apollo/tenancy/postgres';

/**
 * Which organization a slug stands for, and whether it is still there. A row outlives its organization: slugs are never
 * given twice.
 */
export const slugs = globalTable({
  name: 'Slug',
  schema: 'orgs',
  table: 'slugs',
  reason: 'The slug of a URL must be found before its organization is known, and no two organizations may share one.',
  properties: {
    slug: p.text().primary(),
    orgId: p.uuid(),
    status: p.enum(['active', 'deleted'] as const),
    mfaRequired: p.boolean(),
  },
  uniques: [['orgId']],
});

/**
 * Which organizations an account has created, each at a place of its own: no two creations at once get the same one. A
 * place is free again when what was deleted is purged.
 */
export const creations = globalTable({
  name: 'Creation',
  schema: 'orgs',
  table: 'creations',
  reason: 'How many organizations an account has created is counted over all of them, before there is the next one.',
  properties: {
    userId: p.uuid().primary(),
    place: p.integer().primary(),
    orgId: p.uuid(),
  },
  uniques: [['orgId']],
});

/**
 * What operators decided about organizations, one row per decision, of which the last counts. Nothing that runs under
 * the tag of an organization writes or locks a row here, so none can keep a decision waiting.
 */
export const standings = globalTable({
  name: 'Standing',
  schema: 'orgs',
  table: 'standings',
  reason:
    'Operators decide about an organization whatever its own sessions hold open, and a slug is looked up with it.',
  properties: {
    orgId: p.uuid().primary(),
    decision: p.integer().primary(),
    status: p.enum(['active', 'suspended'] as const),
    reason: p.text().nullable(),
    decidedBy: p.text(),
    decidedAt: p.datetime(3),
    requestId: p.text(),
    /** Whether the organization's own audit log says so. */
    logged: p.boolean(),
  },
  rawIndexes: [
    {
      name: 'standings_to_log',
      expression: 'create index standings_to_log on orgs.standings (org_id, decision) where not logged',
    },
  ],
});

/** Who belongs where, without name or address: what decides whether a request gets in at all. */
export const memberships = globalTable({
  name: 'Seat',
  schema: 'orgs',
  table: 'seats',
  reason:
    'A person asks which organizations are theirs, and the gateway whether a person belongs to a slug, before any organization is known.',
  properties: {
    userId: p.uuid().primary(),
    slug: p.text().primary(),
    orgId: p.uuid(),
    role: p.text(),
    version: p.integer(),
  },
  indexes: [['orgId', 'userId']],
});

/** Whose access to what changed lately, in which transaction. An hour of it is kept. */
export const accessChanges = globalTable({
  name: 'AccessChange',
  schema: 'orgs',
  table: 'access_changes',
  reason: "A gateway asks what changed in anybody's access; it remembers memberships of many organizations.",
  properties: {
    id: p.uuid().primary(),
    orgId: p.uuid(),
    userId: p.uuid().nullable(),
    changedIn: p.bigint('string'),
    at: p.datetime(),
  },
  indexes: [['changedIn'], ['at']],
});

/**
 * Which invitation a mailed link opens; the link itself is stored nowhere, only its hash. Another organization that
 * writes down the same hash is not told so: the link stays the first one's, also when it is closed.
 */
export const invitationLinks = globalTable({
  name: 'InvitationLink',
  schema: 'orgs',
  table: 'invitation_links',
  reason:
    'Whoever opens a mailed link names neither an organization nor, often, an account; the link is all there is to find it by.',
  properties: {
    tokenHash: p.text().primary(),
    orgId: p.uuid().primary().name('org_id'),
    invitationId: p.uuid(),
    openedAt: p.datetime(6),
    closed: p.boolean().default(false),
    /** Noted before the proofs of links named an organization. */
    ofBefore: p.boolean().default(false),
  },
  indexes: [['orgId', 'invitationId']],
  // A key holds the whole of a digest, whatever SQL hands in.
  octets: { tokenHash: 200 },
});
