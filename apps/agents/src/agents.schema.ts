import { inboxFunctions, inboxRules, inboxTables, outboxFunctions, outboxTables } from '@apollo/messaging';
import {
  auditFunctions,
  auditTables,
  idempotencyTables,
  purgeByTable,
  purgeFunctions,
  purgeTables,
} from '@apollo/service-kit';
import type { ServiceSchema } from '@apollo/tenancy/postgres';
import { workFunctions, workTables } from '@apollo/work';
import { conversationForeignKeys, conversationRules, conversationTables } from './conversations/conversation.tables.js';
import { documentForeignKeys, documentRules, documentTables } from './documents/document.tables.js';
import { factForeignKeys, factRules, factTables } from './memory/fact.tables.js';
import { personaForeignKeys, personaRules, personaTables } from './personas/persona.tables.js';
import { agentsPurge } from './purge/purge.plan.js';

const SCHEMA = 'agents';

/** Everything the agents service keeps. */
export const agentsSchema: ServiceSchema = {
  service: SCHEMA,
  tables: [
    ...personaTables,
    ...factTables,
    ...conversationTables,
    ...documentTables,
    ...auditTables(SCHEMA),
    ...idempotencyTables(SCHEMA),
    ...inboxTables(SCHEMA),
    ...outboxTables(SCHEMA),
    ...workTables(SCHEMA),
    ...purgeTables(SCHEMA),
  ],
  foreignKeys: [...personaForeignKeys, ...factForeignKeys, ...conversationForeignKeys, ...documentForeignKeys],
  rules: [...personaRules, ...factRules, ...conversationRules, ...documentRules, ...inboxRules(SCHEMA)],
  functions: [
    new URL('../functions/', import.meta.url),
    auditFunctions,
    inboxFunctions,
    outboxFunctions,
    workFunctions,
    purgeFunctions,
  ],
  tableFunctions: purgeByTable(agentsPurge),
  packageUrl: new URL('../', import.meta.url),
};
