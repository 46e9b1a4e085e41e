import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inboxFunctions, inboxTables, outboxFunctions, outboxTables } from '@apollo/messaging';
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

const LOOKUP = `create function specimen.find_by_slug(wanted text) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select org_id from specimen.directory where slug = wanted
$$;
revoke all on function specimen.find_by_slug from public;
grant execute on function specimen.find_by_slug to specimen_app;`;

/** The schema with its migration in a temporary folder. */
export async function specimenSchema(): Promise<ServiceSchema> {
  const folder = await mkdtemp(join(tmpdir(), 'specimen-'));
  const schema: ServiceSchema = {
    service: 'specimen',
    tables: [Folder, Paper, Diary, Stamp, Directory, ...outboxTables('specimen'), ...inboxTables('specimen')],
    functions: [LOOKUP, ...inboxFunctions('specimen', 'billing-stars'), ...outboxFunctions('specimen', 'orgs')],
    packageUrl: pathToFileURL(`${folder}/`),
  };
  await mkdir(join(folder, 'migrations'));
  await writeFile(join(folder, 'migrations', '0001-initial.sql'), await schemaSql(schema));
  return schema;
}
