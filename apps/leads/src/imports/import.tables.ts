import { globalTable, p, roundOrganizations, type ServiceSchema, tenantTable } from '@apollo/tenancy/postgres';
import { foreignKey } from '../foreign.key.js';

const count = () => p.integer().default(0);

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
    // Who works on it and when that was last heard of; attempts since the last progress.
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
});

const chunks = tenantTable({
  name: 'ImportChunk',
  schema: 'leads',
  table: 'import_chunks',
  deletable: true,
  properties: { importId: p.uuid(), seq: p.integer(), sha256: p.text(), data: p.blob() },
  uniques: [['importId', 'seq']],
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

/** Leads as they were before an import changed them, until it is taken back. */
const changes = tenantTable({
  name: 'ImportChange',
  schema: 'leads',
  table: 'import_changes',
  deletable: true,
  properties: { importId: p.uuid(), leadId: p.uuid(), version: p.integer(), before: p.json() },
  uniques: [['importId', 'leadId']],
});

const watch = globalTable({
  name: 'ImportWatch',
  schema: 'leads',
  table: 'import_watch',
  reason: 'Any replica must find imports that nobody works on before it knows for which organization it will act.',
  properties: {
    orgId: p.uuid().primary().name('org_id'),
    importId: p.uuid().primary().name('import_id'),
    startedBy: p.uuid(),
    dueAt: p.datetime(3),
  },
  rawIndexes: [
    { name: 'import_watch_due', expression: 'create index import_watch_due on leads.import_watch (org_id, due_at)' },
  ],
});

export const importTables: ServiceSchema['tables'] = [imports, chunks, errors, changes, watch];

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
    name: 'import_errors_import',
    table: 'import_errors',
    columns: ['org_id', 'import_id'],
    target: 'imports',
    targetColumns: ['org_id', 'id'],
    cascade: true,
  }),
];

const definer = 'security definer set search_path = pg_catalog, pg_temp';

/** Seconds for which nobody looks at an import at most. */
const LONGEST_WATCH = 3_600;
/** Imports of one organization that a look gives at most, and those of all. */
const SHARE = 4;
const LOOK = 40;

/**
 * The ways to the directory of imports that still need somebody. Writing is bound to the organization and the person
 * of the tag, and to imports that it has; reading is for the platform scope alone, so no organization's session learns of
 * another's imports. A look goes round the organizations: none can fill it.
 */
export const importFunctions: readonly string[] = [
  `create function leads.watch_import(watched uuid, seconds double precision) returns void language plpgsql ${definer} as $$
declare
  org uuid := tenancy.org_id();
begin
  insert into leads.import_watch as w (org_id, import_id, started_by, due_at)
    select org, i.id, tenancy.actor_id(), clock_timestamp() + make_interval(secs => least(greatest(seconds, 0), ${LONGEST_WATCH}))
    from leads.imports i where i.org_id = org and i.id = watched
    on conflict (org_id, import_id) do update set due_at = excluded.due_at;
end $$;
revoke all on function leads.watch_import from public;
grant execute on function leads.watch_import to leads_app;`,
  `create function leads.unwatch_import(watched uuid) returns void language plpgsql ${definer} as $$
begin
  delete from leads.import_watch w where w.org_id = (select tenancy.org_id()) and w.import_id = watched;
end $$;
revoke all on function leads.unwatch_import from public;
grant execute on function leads.unwatch_import to leads_app;`,
  `create function leads.find_stalled_imports() returns table (org_id uuid, import_id uuid, started_by uuid) language plpgsql stable ${definer} as $$
begin
  perform tenancy.is_platform();
  return query ${roundOrganizations({
    table: 'leads.import_watch',
    columns: ['org_id', 'import_id', 'started_by'],
    condition: 'r.due_at <= clock_timestamp()',
    order: 'r.due_at',
    overall: 'd.nth, d.due_at',
    share: SHARE,
    limit: LOOK,
  })};
end $$;
revoke all on function leads.find_stalled_imports from public;
grant execute on function leads.find_stalled_imports to leads_app;`,
];
