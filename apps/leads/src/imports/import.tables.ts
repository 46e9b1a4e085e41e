import { PIECE_BYTES } from '@apollo/service-kit';
import { type ForeignKey, p, type ServiceSchema, tenantTable } from '@apollo/tenancy/postgres';

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
  octets: { data: PIECE_BYTES },
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

export const importForeignKeys: readonly ForeignKey[] = [
  {
    name: 'imports_pipeline',
    table: 'imports',
    columns: ['pipeline_id'],
    target: 'pipelines',
    targetColumns: ['id'],
  },
  {
    name: 'import_chunks_import',
    table: 'import_chunks',
    columns: ['import_id'],
    target: 'imports',
    targetColumns: ['id'],
    cascade: true,
  },
  {
    name: 'import_changes_import',
    table: 'import_changes',
    columns: ['import_id'],
    target: 'imports',
    targetColumns: ['id'],
    cascade: true,
  },
  {
    name: 'import_changes_lead',
    table: 'import_changes',
    columns: ['lead_id'],
    target: 'leads',
    targetColumns: ['id'],
    cascade: true,
    fromNowOn: true,
  },
  {
    name: 'import_errors_import',
    table: 'import_errors',
    columns: ['import_id'],
    target: 'imports',
    targetColumns: ['id'],
    cascade: true,
  },
];
