import { type PurgePlan, RECEIPT_STAYS } from '@apollo/service-kit';

/**
 * Events go first: no other service is to be told again of what it has purged already. Changes of access go last, for
 * the end of a membership is one.
 */
export const orgsPurge: PurgePlan = {
  deleted: [
    'outbox',
    'invitations',
    'members',
    'seats',
    'standings',
    'org_commands',
    'audit_entries',
    'audit_heads',
    'organizations',
    'access_changes',
  ],
  kept: {
    ...RECEIPT_STAYS,
    purges: 'It is the receipt of all services, for operators.',
    invitation_links:
      'What a dead link opened is known by its hash, or another organization could be the first to note that.',
    slugs: 'A slug is never given twice: an old link or bookmark would lead to somebody else.',
    creations: 'It counts against whoever created the organization until all is purged, and goes with the end of that.',
  },
};
