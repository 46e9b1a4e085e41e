import { type PurgePlan, RECEIPT_STAYS } from '@apollo/service-kit';

/** Accounts, sessions and grants are people's, who have other organizations too: those stay. */
export const identityPurge: PurgePlan = {
  deleted: ['org_commands', 'audit_entries', 'audit_heads'],
  kept: RECEIPT_STAYS,
};
