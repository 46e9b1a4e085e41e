import { createHash, randomBytes } from 'node:crypto';
import { newId } from '@apollo/tenancy';
import { migrate } from '@apollo/tenancy/postgres';
import { databaseBefore } from '@apollo/testing';
import { orgsSchema } from './orgs.schema.js';

/** The first migration that keeps what operators decide apart from the organization's own rows. */
const FIRST = '0052';

it('takes over how each organization stands, and tells it of each that was ever suspended, stopped by no row that somebody planted', async () => {
  const test = await databaseBefore(orgsSchema, FIRST);
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

  const address = randomBytes(6_750).toString('base64');
  await test.admin(
    `insert into orgs.invitations (org_id, id, email, role, status, invited_by, created_at, expires_at)
     values ($1, $2, $3, 'member', 'revoked', $2, now(), now())`,
    [ids.never, newId(), address],
  );

  await migrate(orgsSchema, test.migrateUrl);
  expect(await test.admin('select email from orgs.invitations')).toEqual([{ email: address }]);
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
}, 60_000);

it('finds invitations by the beginning of their address where they were found by the whole of it', async () => {
  const test = await databaseBefore(orgsSchema, '0075');
  await test.admin('drop index orgs.invitations_of_address');
  await test.admin('create index invitations_of_address on orgs.invitations (org_id, email, created_at)');
  await migrate(orgsSchema, test.migrateUrl);
  expect(await test.admin("select indexdef from pg_indexes where indexname = 'invitations_of_address'")).toEqual([
    { indexdef: expect.stringContaining('(org_id, "left"(email, 254), created_at)') },
  ]);
  await test.drop();
});

it('finds links by two keys though one was almost too long for one, which no service wrote', async () => {
  const test = await databaseBefore(orgsSchema, '0011');
  const [link, planted] = ['a'.repeat(64), randomBytes(2_016).toString('base64')] as const;
  for (const hash of [link, planted])
    await test.admin('insert into orgs.invitation_links (token_hash, org_id, invitation_id) values ($1, $2, $2)', [
      hash,
      newId(),
    ]);
  await migrate(orgsSchema, test.migrateUrl);
  const digest = createHash('sha256').update(planted).digest('hex');
  expect(await test.admin('select token_hash from orgs.invitation_links order by token_hash = $1', [link])).toEqual([
    { token_hash: digest },
    { token_hash: link },
  ]);
  await test.drop();
});
