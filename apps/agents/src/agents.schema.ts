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
    ...auditTables(SCHEMA),
    ...idempotencyTables(SCHEMA),
    ...inboxTables(SCHEMA),
    ...outboxTables(SCHEMA),
    ...purgeTables(SCHEMA),
  ],
  foreignKeys: [...personaForeignKeys, ...factForeignKeys],
  rules: [...personaRules, ...factRules, ...inboxRules(SCHEMA)],
  functions: [
    new URL('../functions/', import.meta.url),
    auditFunctions,
    inboxFunctions,
    outboxFunctions,
    purgeFunctions,
  ],
  tableFunctions: purgeByTable(agentsPurge),
  packageUrl: new URL('../', import.meta.url),
};
