import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { entityOf, typeOf } from '@apollo/contracts';
import {
  durableEventsOf,
  inboxFunctions,
  inboxRules,
  inboxTables,
  outboxFunctions,
  outboxTables,
} from '@apollo/messaging';
import {
  globalTable,
  p,
  schemaSql,
  type ServiceSchema,
  tenantPersonalTable,
  tenantTable,
} from '@apollo/tenancy/postgres';

/** A small service schema for specs: parents with children, personal notes and a directory. */
export const Folder = tenantTable({
  name: 'Folder',
  schema: 'specimen',
  table: 'folders',
  properties: { name: p.text() },
  uniques: [['name']],
});
export const Paper = tenantTable({
  name: 'Paper',
  schema: 'specimen',
  table: 'papers',
  deletable: true,
  properties: {
    title: p.text(),
    secret: p.text(),
    code: p.text().nullable(),
    folder: () =>
      p
        .manyToOne(Folder)
        .joinColumns('org_id', 'folder_id')
        .ownColumns('folder_id')
        .referencedColumnNames('org_id', 'id')
        .nullable()
        .deleteRule('no action'),
  },
  uniques: [['code']],
});
export const Diary = tenantPersonalTable({
  name: 'Diary',
  schema: 'specimen',
  table: 'diaries',
  deletable: true,
  properties: { text: p.text() },
});
export const Stamp = tenantTable({
  name: 'Stamp',
  schema: 'specimen',
  table: 'stamps',
  access: 'append',
  properties: { text: p.text() },
});
export const Directory = globalTable({
  name: 'Directory',
  schema: 'specimen',
  table: 'directory',
  reason: 'a slug must be found before its organization is known',
  properties: { slug: p.text().primary(), orgId: p.uuid() },
});

/** Functions of its own, by their names: one of its own, and what its inbox and outbox ask of every service. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  find_by_slug: `create or replace function specimen.find_by_slug(wanted text) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select org_id from specimen.directory where slug = wanted
$$;
comment on function specimen.find_by_slug is 'The organization of a slug.';
revoke all on function specimen.find_by_slug from public;
grant execute on function specimen.find_by_slug to specimen_app;
`,
  // It tells of what orgs tells of, and takes what billing-stars takes.
  entity_of_event: asked(
    'entity_of_event(told text) returns text',
    `case told ${durableEventsOf('orgs')
      .map((contract) => `when '${typeOf(contract)}' then '${entityOf(contract)}'`)
      .join(' ')} end`,
  ),
  payload_of_event: asked('payload_of_event(told text, org uuid, subject uuid, payload text) returns text', 'payload'),
  takes_event: asked(
    'takes_event(source text, entity text) returns boolean',
    "(source, entity) in (('agents', 'cap'), ('orgs', 'org'), ('orgs', 'standing'))",
  ),
};

function asked(signature: string, value: string): string {
  const name = `specimen.${signature.slice(0, signature.indexOf('('))}`;
  return `create or replace function specimen.${signature} language sql immutable as $$ select ${value} $$;
comment on function ${name} is 'What a function of a library asks.';
revoke all on function ${name} from public;
`;
}

/** The schema with its migration and its functions in a temporary folder. */
export async function specimenSchema(): Promise<ServiceSchema> {
  const folder = await mkdtemp(join(tmpdir(), 'specimen-'));
  const packageUrl = pathToFileURL(`${folder}/`);
  const schema: ServiceSchema = {
    service: 'specimen',
    name: 'billing-stars',
    tables: [Folder, Paper, Diary, Stamp, Directory, ...outboxTables('specimen'), ...inboxTables('specimen')],
    rules: inboxRules('specimen'),
    functions: [new URL('functions/', packageUrl), inboxFunctions, outboxFunctions],
    packageUrl,
  };
  await Promise.all(['migrations', 'functions'].map((name) => mkdir(join(folder, name))));
  await writeFile(join(folder, 'migrations', '0001-initial.sql'), await schemaSql(schema));
  for (const [name, text] of Object.entries(FUNCTIONS)) await writeFile(join(folder, 'functions', `${name}.sql`), text);
  return schema;
}
