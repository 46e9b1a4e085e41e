import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type LiveOrg, Stage } from './live.platform.js';

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

describe('around the running platform', () => {
  const stage = new Stage();
  let org: LiveOrg;

  beforeAll(async () => {
    org = await stage.org();
    const base = `/v1/orgs/${org.slug}`;
    await org.owner.http.post(`${base}/leads`, { contact_name: org.canary, company: org.canary });
    await org.owner.http.ask('POST', `${base}/leads`, {
      body: { contact_name: org.canary, external_id: org.canary, pipeline_id: 'wrong' },
    });
    await org.owner.http.ask('GET', `${base}/leads?search=${org.canary}`);
  });

  it('M35 leaves no content in any log: services, Postgres, NATS', () => {
    const logs = filesBelow(stage.platform.dir).filter((path) => path.endsWith('.log'));
    expect(logs.length).toBeGreaterThan(4);
    for (const log of logs) {
      const text = readFileSync(log, 'utf8');
      for (const secret of [org.canary, org.owner.email, org.owner.password])
        expect({ log: log.split('/').pop(), shows: text.includes(secret) }).toEqual({
          log: log.split('/').pop(),
          shows: false,
        });
    }
  });

  it('A11 A05 gives each runtime role nothing without a tag, and nothing of another service', async () => {
    const admin = new pg.Client({ connectionString: stage.platform.postgres.admin });
    await admin.connect();
    const { rows } = await admin.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('identity', 'orgs', 'leads', 'agents', 'billing_stars', 'tenancy') and c.relkind = 'r'`,
    );
    expect(rows.length).toBeGreaterThan(15);
    const filledTables = new Set<string>();
    for (const { name } of rows)
      if ((await admin.query(`select 1 from ${name} limit 1`)).rowCount) filledTables.add(name);
    await admin.end();
    expect(filledTables.size).toBeGreaterThan(10);
    for (const service of ['identity', 'orgs', 'leads', 'agents', 'billing-stars']) {
      const roles = stage.platform.postgres[service] as { app: string; relay: string };
      for (const url of [roles.app, roles.relay]) {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        const seen: unknown[] = [];
        for (const { name } of rows) {
          const found = await client.query(`select * from ${name}`).then(
            (result) => result.rows.length,
            (error: pg.DatabaseError) => error.code,
          );
          // Its own outbox, of every organization, is what a relay is there for.
          if (url === roles.relay && name === `${service.replace('-', '_')}.outbox` && typeof found === 'number')
            continue;
          // An empty table has no row to ask the policy about; any other refuses.
          if (found !== '42501' && !(found === 0 && !filledTables.has(name))) seen.push({ service, name, found });
        }
        await client.end();
        expect(seen).toEqual([]);
      }
    }
  });

  it('shows figures per organization and no content', async () => {
    const metrics = await (await fetch(`${stage.platform.health['leads']}/metrics`)).text();
    expect(metrics).toMatch(
      /apollo_messages_total\{type="leads\.create-lead\.v1",org_id="[0-9a-f-]{36}",outcome="ok"\}/,
    );
    expect(metrics).not.toContain(org.canary);
  });

  it('keeps secrets readable by its owner only', () => {
    const open = filesBelow(stage.platform.dir).filter(
      (path) =>
        /secret|nkey|running|context\.json/.test(path) &&
        (statSync(path).mode & 0o077) !== 0 &&
        !path.includes('/postgres/'),
    );
    expect(open).toEqual([]);
  });
});
