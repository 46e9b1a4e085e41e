import { p, type ServiceSchema, tenantTable } from '@apollo/tenancy/postgres';
import { foreignKey } from '../foreign.key.js';
import { CHUNK_BYTES, IMPORT_JOB } from './import.limits.js';

const count = () => p.integer().default(0);

/** Octets of what is kept as JSON: what a request may say, what may be found in a file, what taking back tells. */
const SETTINGS = 2 * 1_048_576;
const FOUND = 512 * 1_024;
const TOLD = 64 * 1_024;
/** A lead with all that a request may write there, every number of it written out. */
const LEAD = 512 * 1_024;

const imports = tenantTable({
  name: 'LeadImport',
  schema: 'leads',
  table: 'imports',
  properties: {
    fileName: p.text(),
    status: p.text(),
    pipelineId: p.uuid(),
    mapping: p.json(),
    delimiter: p.text().nullable(),
    defaultContactName: p.text().nullable(),
    valueDecimals: p.integer(),
    // What the request says of the file, and how the file is read; empty until it was looked at.
    settings: p.json().defaultRaw("'{}'"),
    reading: p.json().defaultRaw("'{}'"),
    // What taking it back has come to so far, and the rows it has gone through.
    undo: p.json().nullable(),
    rowsUndone: count(),
    startedBy: p.uuid(),
    receivedBytes: p.integer(),
    rowsTotal: p.integer().nullable(),
    // Rows that took effect. Written in the transaction of their leads, so it is also where an interrupted import goes on.
    rowsRead: count(),
    created: count(),
    updated: count(),
    unchanged: count(),
    refused: count(),
    errorsNoted: count(),
    cellsLeftOut: count(),
    errorCode: p.text().nullable(),
    errorDetail: p.text().nullable(),
    // Of the release before: its instances, while they are replaced, bring what they began to an end by these.
    lease: p.uuid().nullable(),
    heartbeatAt: p.datetime(3).nullable(),
    attempts: count(),
    createdAt: p.datetime(3),
    finishedAt: p.datetime(3).nullable(),
  },
  rawIndexes: [
    {
      name: 'imports_one_at_work',
      expression: 'create unique index imports_one_at_work on leads.imports (org_id) where lease is not null',
    },
  ],
  octets: { mapping: FOUND, reading: FOUND, settings: SETTINGS, undo: TOLD, errorCode: 100, errorDetail: 4_000 },
});

const chunks = tenantTable({
  name: 'ImportChunk',
  schema: 'leads',
  table: 'import_chunks',
  deletable: true,
  properties: { importId: p.uuid(), seq: p.integer(), sha256: p.text(), data: p.blob() },
  uniques: [['importId', 'seq']],
  octets: { data: CHUNK_BYTES },
});

const errors = tenantTable({
  name: 'ImportError',
  schema: 'leads',
  table: 'import_errors',
  access: 'append',
  properties: {
    importId: p.uuid(),
    position: p.integer(),
    line: p.integer(),
    columnName: p.text().nullable(),
    problem: p.text(),
    refused: p.boolean().default(true),
  },
  uniques: [['importId', 'position']],
});

/** Leads as they were before an import changed them and as it left them, until it is taken back. They go with the lead. */
const changes = tenantTable({
  name: 'ImportChange',
  schema: 'leads',
  table: 'import_changes',
  deletable: true,
  properties: {
    importId: p.uuid(),
    leadId: p.uuid(),
    version: p.integer(),
    before: p.json(),
    after: p.json().nullable(),
  },
  uniques: [['importId', 'leadId']],
  indexes: [['leadId']],
  octets: { before: LEAD, after: LEAD },
});

export const importTables: ServiceSchema['tables'] = [imports, chunks, errors, changes];

export const importForeignKeys: readonly string[] = [
  foreignKey({
    name: 'imports_pipeline',
    table: 'imports',
    columns: ['org_id', 'pipeline_id'],
    target: 'pipelines',
    targetColumns: ['org_id', 'id'],
  }),
  foreignKey({
    name: 'import_chunks_import',
    table: 'import_chunks',
    columns: ['org_id', 'import_id'],
    target: 'imports',
    targetColumns: ['org_id', 'id'],
    cascade: true,
  }),
  foreignKey({
    name: 'import_changes_import',
    table: 'import_changes',
    columns: ['org_id', 'import_id'],
    target: 'imports',
    targetColumns: ['org_id', 'id'],
    cascade: true,
  }),
  foreignKey({
    name: 'import_changes_lead',
    table: 'import_changes',
    columns: ['org_id', 'lead_id'],
    target: 'leads',
    targetColumns: ['org_id', 'id'],
    cascade: true,
    fromNowOn: true,
  }),
  foreignKey({
    name: 'import_errors_import',
    table: 'import_errors',
    columns: ['org_id', 'import_id'],
    target: 'imports',
    targetColumns: ['org_id', 'id'],
    cascade: true,
  }),
];

const definer = 'security definer set search_path = pg_catalog, pg_temp';

/**
 * What instances of the release before call while they are replaced: what they expect becomes a job, and they find
 * nothing more to take up.
 */
export const importFunctions: readonly string[] = [
  `create or replace function leads.watch_import(watched uuid, seconds double precision) returns void language plpgsql ${definer} as $$
begin
  if exists (select from leads.imports i where i.org_id = (select tenancy.org_id()) and i.id = watched) then
    perform leads.start_job(watched, '${IMPORT_JOB}', '{}', tenancy.actor_id()::text, seconds);
  end if;
end $$;
revoke all on function leads.watch_import from public;
grant execute on function leads.watch_import to leads_app;`,
  `create or replace function leads.unwatch_import(watched uuid) returns void language plpgsql ${definer} as $$
begin
  perform leads.end_job(watched, null, 'cancelled', null, null);
end $$;
revoke all on function leads.unwatch_import from public;
grant execute on function leads.unwatch_import to leads_app;`,
  `create or replace function leads.find_stalled_imports(after uuid default '00000000-0000-0000-0000-000000000000') returns table (org_id uuid, import_id uuid, started_by uuid) language plpgsql stable ${definer} as $$
begin
  perform tenancy.is_platform();
end $$;
revoke all on function leads.find_stalled_imports from public;
grant execute on function leads.find_stalled_imports to leads_app;`,
];
