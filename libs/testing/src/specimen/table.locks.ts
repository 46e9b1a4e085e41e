import { TagSigner } from '@apollo/tenancy/postgres';
import pg from 'pg';
import type { TestDatabase } from '../servers/test.database.js';
import { orgContext, type TestOrg } from '../tenants/two.orgs.js';

/** Every lock of a table that somebody who reads or writes rows would have to wait for, or that one might grow into. */
const MODES = ['share update exclusive', 'share', 'share row exclusive', 'exclusive', 'access exclusive'];

/**
 * A service's own relations, those about tags, and whatever of the server somebody was granted more on than reading.
 */
const RELATIONS = `
  select c.oid::regclass::text as name from pg_class c
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and (c.relnamespace in ($1::regnamespace, 'tenancy'::regnamespace)
    or exists (select from aclexplode(c.relacl) a where a.grantee <> c.relowner and a.privilege_type <> 'SELECT'))`;

/**
 * Asks for every such lock on every table, as each runtime role of a service, with an organization's tag and without.
 *
 * @returns how many were asked for, and those that were not refused for want of a right (42501)
 */
export async function tableLocks(
  test: TestDatabase,
  service: string,
  org: TestOrg,
): Promise<{ asked: number; taken: string[] }> {
  const tables = (await test.admin(RELATIONS, [service])).map(({ name }) => String(name));
  const roles = await test.admin('select rolname from pg_roles where rolname = any($1)', [
    ['app', 'relay', 'checker'].map((suffix) => `${service}_${suffix}`),
  ]);
  const tag = new TagSigner(test.tagKey).sign(orgContext(org.id, org.owner, 'owner'), Date.now());
  const taken: string[] = [];
  let asked = 0;
  for (const role of roles.map(({ rolname }) => String(rolname))) {
    const url = { app: test.appUrl, relay: test.relayUrl, checker: test.checkerUrl }[role.slice(service.length + 1)];
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const tagged of role.endsWith('_checker') ? [false] : [true, false])
      for (const table of tables)
        for (const mode of MODES) {
          asked += 1;
          const carry = tagged ? `select tenancy.carry('${tag}'); ` : '';
          const said = await client.query(`begin; ${carry}lock table ${table} in ${mode} mode nowait`).then(
            () => 'taken',
            (error: pg.DatabaseError) => error.code,
          );
          await client.query('rollback');
          if (said === '42501') continue;
          taken.push(`${role} locks ${table} in ${mode} mode ${tagged ? 'with' : 'without'} a tag`);
        }
    await client.end();
  }
  return { asked, taken };
}
