import { type PurgePlan, RECEIPT_STAYS } from '@apollo/service-kit';

/** Everything that agents keeps of an organization goes with it. */
export const agentsPurge: PurgePlan = {
  deleted: [
    'run_entries',
    'runs',
    'conversations',
    'document_words',
    'document_passages',
    'document_pieces',
    'document_uploads',
    'documents',
    'facts',
    'persona_versions',
    'personas',
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
