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
import { activityForeignKeys, activityTables } from './activities/activity.tables.js';
import { amountRules, amountTables } from './amounts/amount.tables.js';
import { fieldRules, fieldTables } from './fields/field.tables.js';
import { importRules } from './imports/import.rules.js';
import { importForeignKeys, importTables } from './imports/import.tables.js';
import { savedMappingRules, savedMappingTables } from './imports/saved/saved.mapping.tables.js';
import { leadForeignKeys, leadRules, leadTables } from './leads/lead.tables.js';
import { memberTables } from './members/member.tables.js';
import { pipelineForeignKeys, pipelineRules, pipelineTables } from './pipelines/pipeline.tables.js';
import { leadsPurge } from './purge/purge.plan.js';

const SCHEMA = 'leads';

/** Everything the leads service keeps. */
export const leadsSchema: ServiceSchema = {
  service: SCHEMA,
  tables: [
    ...pipelineTables,
    ...fieldTables,
    ...memberTables,
    ...leadTables,
    ...activityTables,
    ...amountTables,
    ...importTables,
    ...savedMappingTables,
    ...auditTables(SCHEMA),
    ...idempotencyTables(SCHEMA),
    ...inboxTables(SCHEMA),
    ...outboxTables(SCHEMA),
    ...workTables(SCHEMA),
    ...purgeTables(SCHEMA),
  ],
  foreignKeys: [...pipelineForeignKeys, ...leadForeignKeys, ...activityForeignKeys, ...importForeignKeys],
  rules: [
    ...pipelineRules,
    ...fieldRules,
    ...leadRules,
    ...amountRules,
    ...importRules,
    ...savedMappingRules,
    ...inboxRules(SCHEMA),
  ],
  functions: [
    new URL('../functions/', import.meta.url),
    auditFunctions,
    inboxFunctions,
    outboxFunctions,
    workFunctions,
    purgeFunctions,
  ],
  tableFunctions: purgeByTable(leadsPurge),
  packageUrl: new URL('../', import.meta.url),
};
