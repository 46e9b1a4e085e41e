import { type PurgePlan, RECEIPT_STAYS } from '@apollo/service-kit';

/** Everything that leads keeps of an organization goes with it. */
export const leadsPurge: PurgePlan = {
  deleted: [
    'import_changes',
    'import_errors',
    'import_chunks',
    'imports',
    'import_mappings',
    'activities',
    'amount_holds',
    'leads',
    'lead_fields',
    'stages',
    'pipelines',
    'members',
    'stopped_jobs',
    'due_jobs',
    'jobs',
    'dead_letters',
    'blocked_entities',
    'inbox',
    'outbox',
    'org_commands',
    'audit_entries',
    'audit_heads',
  ],
  kept: RECEIPT_STAYS,
};
