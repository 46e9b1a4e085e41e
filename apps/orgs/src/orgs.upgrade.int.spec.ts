import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { newId } from '@apollo/tenancy';
import { migrate } from '@apollo/tenancy/postgres';
import { testDatabase } from '@apollo/testing';
import { orgsSchema } from './orgs.schema.js';

/** The first migration that keeps what operators decide apart from the organization's own rows. */
const FIRST = '0052';

it('takes over how each organization stands, and tells it of each that was ever suspended', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'orgs-before-'));
  await cp(fileURLToPath(new URL('migrations/', orgsSchema.packageUrl)), join(folder, 'migrations'), {
    recursive: true,
    filter: (file) => !/^\d{4}-/.test(basename(file)) || basename(file) < FIRST,
  });
  const test = await testDatabase({ ...orgsSchema, packageUrl: pathToFileURL(`${folder}/`) });
  const ids = { suspended: newId(), resumed: newId(), never: newId(), deleted: newId() };
  for (const [slug, id] of Object.entries(ids)) {
    await test.admin(
      `insert into orgs.organizations (org_id, id, slug, name, time_zone, language, currency, created_at) values ($1, $1, $2, $2, 'UTC', 'en', 'EUR', now())`,
      [id, slug],
    );
    const status = slug === 'suspended' || slug === 'deleted' ? slug : 'active';
    await test.admin('update orgs.organizations set status = $2 where org_id = $1', [id, status]);
    await test.admin("update orgs.slugs set status = $2, status_reason = 'why' where org_id = $1", [id, status]);
    if (slug === 'never') continue;
    await test.admin(
      `insert into orgs.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
       values ($1, uuidv7(), 'orgs.org.changed.v1', 'org', $1, 2, 'x', 'r', '{"status":"suspended"}', now(), 1)`,
      [id],
    );
  }

  await migrate(orgsSchema, test.migrateUrl);
  const standing = await test.admin(
    `select d.slug, orgs.stands(d.org_id, d.status) as stands, s.reason, s.logged, o.body, o.entity_version::int as version from orgs.slugs d
     left join orgs.standings s using (org_id) left join orgs.outbox o on o.org_id = d.org_id and o.entity = 'standing' order by 1`,
  );
  const carried = { reason: 'why', logged: true, version: 1 };
  const none = { reason: null, logged: null, body: null, version: null };
  expect(standing).toEqual([
    { slug: 'deleted', stands: 'deleted', ...none },
    { slug: 'never', stands: 'active', ...none },
    { slug: 'resumed', stands: 'active', body: '{"status": "active"}', ...carried },
    { slug: 'suspended', stands: 'suspended', body: '{"status": "suspended"}', ...carried },
  ]);
  await test.drop();
  await rm(folder, { recursive: true });
}, 60_000);
