import { agentsMessages } from '@apollo/contracts';
import { type ForeignKey, p, tenantTable } from '@apollo/tenancy/postgres';
import { MOST_ENTRIES } from '../runs/run.limits.js';

const conversations = tenantTable({
  name: 'Conversation',
  schema: 'agents',
  table: 'conversations',
  properties: {
    title: p.text().nullable(),
    createdBy: p.uuid(),
    archived: p.boolean(),
    createdAt: p.datetime(3),
    version: p.integer(),
  },
  fixed: ['createdBy', 'createdAt'],
});

/** A run is one message and what is done about it. */
const runs = tenantTable({
  name: 'Run',
  schema: 'agents',
  table: 'runs',
  properties: {
    conversationId: p.uuid(),
    personaId: p.uuid(),
    personaVersion: p.integer(),
    askedBy: p.uuid(),
    text: p.text(),
    state: p.text(),
    answer: p.text().nullable(),
    failure: p.text().nullable(),
    failureDetail: p.text().nullable(),
    refusedBy: p.text().nullable(),
    stars: p.integer(),
    createdAt: p.datetime(3),
    startedAt: p.datetime(3).nullable(),
    finishedAt: p.datetime(3).nullable(),
  },
  fixed: ['conversationId', 'personaId', 'personaVersion', 'askedBy', 'text', 'createdAt'],
  octets: { text: 3 * agentsMessages.LONGEST_MESSAGE, answer: 3 * agentsMessages.LONGEST_ANSWER },
  indexes: [['conversationId', 'id']],
  rawIndexes: [
    {
      name: 'runs_one_at_a_time',
      expression:
        "create unique index runs_one_at_a_time on agents.runs (org_id, conversation_id) where state in ('queued', 'running')",
    },
  ],
});

/** What a run has done so far, entry by entry: written once, and neither changed nor taken back. */
const runEntries = tenantTable({
  name: 'RunEntry',
  schema: 'agents',
  table: 'run_entries',
  access: 'append',
  properties: {
    runId: p.uuid(),
    seq: p.integer(),
    kind: p.text(),
    payload: p.json(),
    at: p.datetime(3),
    mark: p.text().nullable(),
  },
  uniques: [['runId', 'seq']],
  // A text of JSON may take six octets for one that it stands for.
  octets: { payload: 8 * agentsMessages.LONGEST_ANSWER },
});

export const conversationTables = [conversations, runs, runEntries];

const STATES = agentsMessages.RUN_STATES.map((state) => `'${state}'`).join(', ');
const KINDS = agentsMessages.ENTRY_KINDS.map((kind) => `'${kind}'`).join(', ');
const VERSION = 'between 1 and 2000000000';

/** What people and models are given of a conversation is no more than a request may say, whatever SQL wrote it. */
export const conversationRules: readonly string[] = [
  `alter table agents.conversations add constraint conversations_bounded check (length(title) <= 200 and version ${VERSION});`,
  `alter table agents.runs add constraint runs_bounded check (state in (${STATES}) and length(text) <= 20000 and length(answer) <= 65536 and length(failure) <= 60 and length(failure_detail) <= 500 and length(refused_by) <= 20 and stars between 0 and 2000000000 and persona_version ${VERSION});`,
  `alter table agents.run_entries add constraint run_entries_bounded check (kind in (${KINDS}) and seq between 1 and ${MOST_ENTRIES});`,
];

export const conversationForeignKeys: readonly ForeignKey[] = [
  {
    name: 'runs_conversation',
    table: 'runs',
    columns: ['conversation_id'],
    target: 'conversations',
    targetColumns: ['id'],
  },
  {
    name: 'runs_persona',
    table: 'runs',
    columns: ['persona_id'],
    target: 'personas',
    targetColumns: ['id'],
  },
  { name: 'run_entries_run', table: 'run_entries', columns: ['run_id'], target: 'runs', targetColumns: ['id'] },
];
