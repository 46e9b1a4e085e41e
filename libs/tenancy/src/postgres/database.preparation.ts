import type pg from 'pg';
import { BoundedClient } from './bounded.client.js';
import { giveRoleDefaults, type RuntimeRole } from './role.defaults.js';
import { HARDENING_SQL, TENANCY_SCHEMA_SQL } from './tenancy.schema.sql.js';

/** What an operator hands over to make a database ready for one service. */
export interface DatabasePreparation {
  /** Connection URL of a superuser; used here and never by a service. */
  readonly adminUrl: string;
  /** Service name, lower-case; becomes the schema and the prefix of its roles. */
  readonly service: string;
  /**
   * `checker` for a service with vault tables: the role that reads all of them, at one instant, and does nothing else.
   */
  readonly passwords: {
    readonly migrate: string;
    readonly app: string;
    readonly relay: string;
    readonly checker?: string;
  };
  /** 64 hex digits, shared with the service's process and never with its database role. */
  readonly tagKey: string;
  /**
   * Keys that are still, or already, used by some of the service's replicas: valid beside `tagKey` until the next
   * preparation.
   */
  readonly otherTagKeys?: readonly string[];
}

/**
 * Hours after a preparation in which a migration can log in: its role may become the owner, and reads all of the
 * service.
 */
const MIGRATE_HOURS = 4;

const serviceName = /^[a-z][a-z_]{1,30}$/;

/**
 * Creates or repairs the roles, the schema, the `tenancy` functions and the hardening that one service needs.
 * Idempotent; safe to run before every deploy. Several services may share a database or have one each.
 *
 * @throws Error when the service name or key has the wrong shape; pg errors when the URL is not a superuser's
 */
export async function prepareDatabase(preparation: DatabasePreparation): Promise<void> {
  const { service, passwords } = preparation;
  if (!serviceName.test(service)) {
    throw new Error(`A service name is lower-case letters: ${service}`);
  }
  const client = new BoundedClient({ connectionString: preparation.adminUrl, application_name: 'apollo-prepare' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(4201)');
    await client.query(TENANCY_SCHEMA_SQL);
    await client.query(HARDENING_SQL);
    await untilAlone(() => createRoles(client, service, passwords));
    await createSchema(client, service, passwords.checker ? ['app', 'relay', 'checker'] : ['app', 'relay']);
    const tagKeys = [preparation.tagKey, ...(preparation.otherTagKeys ?? [])];
    await storeTagKeys(client, `${service}_app`, tagKeys);
    await storeTagKeys(client, `${service}_relay`, tagKeys);
  } finally {
    await client.end();
  }
}

/** Times that another preparation may get in between. */
const ATTEMPTS = 10;
/** Of two changes of one role at once, a server refuses one: internal_error, unique_violation, duplicate_object. */
const MET = ['XX000', '23505', '42710'];

/**
 * Roles belong to the whole server, whose databases may be prepared at the same moment: what is refused is made again.
 */
async function untilAlone(change: () => Promise<void>, attempts = ATTEMPTS): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (attempts === 1 || !MET.includes((error as { code?: string }).code ?? '')) throw error;
    await untilAlone(change, attempts - 1);
  }
}

const roleBasics = 'nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit';

async function createRoles(
  client: pg.Client,
  service: string,
  passwords: DatabasePreparation['passwords'],
): Promise<void> {
  await ensureRole(client, `${service}_owner`, `nologin ${roleBasics}`);
  await ensureRole(
    client,
    `${service}_migrate`,
    `login connection limit 5 ${roleBasics} password ${client.escapeLiteral(passwords.migrate)}`,
  );
  await client.query(`grant ${service}_owner to ${service}_migrate with inherit false, set true`);
  await client.query(
    `do $$ begin execute format('alter role %I valid until %L', '${service}_migrate', now() + interval '${MIGRATE_HOURS} hours'); end $$`,
  );
  const runtime = {
    app: passwords.app,
    relay: passwords.relay,
    ...(passwords.checker && { checker: passwords.checker }),
  };
  for (const [suffix, password] of Object.entries(runtime)) {
    const role = `${service}_${suffix}`;
    await ensureRole(
      client,
      role,
      `login connection limit 60 ${roleBasics} password ${client.escapeLiteral(password)}`,
    );
    // A role may poison its own defaults; each preparation starts it afresh, and connections pin theirs at start-up.
    await giveRoleDefaults(client, service, suffix as RuntimeRole);
  }
}

async function ensureRole(client: pg.Client, role: string, attributes: string): Promise<void> {
  const found = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  await client.query(`${found.rowCount ? 'alter' : 'create'} role ${role} ${attributes}`);
}

async function createSchema(client: pg.Client, service: string, runtime: readonly string[]): Promise<void> {
  const roles = runtime.map((suffix) => `${service}_${suffix}`).join(', ');
  await client.query(`create schema if not exists ${service} authorization ${service}_owner`);
  await client.query(`revoke all on schema ${service} from public`);
  await createMigrationLog(client, service);
  await client.query(`grant usage on schema ${service} to ${roles}`);
  // Whoever makes a policy must be able to name what it compares with; whoever is subject to it must not.
  await client.query(`grant usage on schema tenancy_hidden to ${service}_owner`);
  // Migrations define functions; runtime roles have no use for a language.
  await client.query(`grant usage on language plpgsql, sql to ${service}_owner`);
  await client.query(
    `grant connect on database ${client.escapeIdentifier(client.database ?? '')} to ${roles}, ${service}_migrate`,
  );
}

/**
 * The event trigger forces row-level security on this table too; its policies let the owner in, and let `tenancy` tell
 * names.
 */
async function createMigrationLog(client: pg.Client, service: string): Promise<void> {
  const table = `${service}.schema_migrations`;
  await client.query(
    `create table if not exists ${table} (id serial primary key, name varchar(255) not null unique, executed_at timestamptz not null default now())`,
  );
  await client.query(`alter table ${table} owner to ${service}_owner`);
  await client.query(`drop policy if exists owner_only on ${table}`);
  await client.query(`create policy owner_only on ${table} to ${service}_owner using (true) with check (true)`);
  await client.query(`grant usage on schema ${service} to tenancy_owner`);
  await client.query(`grant select (name) on ${table} to tenancy_owner`);
  await client.query(`drop policy if exists names_told on ${table}`);
  await client.query(`create policy names_told on ${table} for select to tenancy_owner using (true)`);
}

/** Replaces the keys under which a role's tags are genuine. */
async function storeTagKeys(client: pg.Client, role: string, tagKeys: readonly string[]): Promise<void> {
  if (!tagKeys.every((key) => /^[0-9a-f]{64}$/i.test(key))) {
    throw new Error('A tag key is 64 hex digits');
  }
  const pads = (byte: number): Buffer[] =>
    tagKeys.map((key) =>
      Buffer.from(Buffer.concat([Buffer.from(key, 'hex'), Buffer.alloc(32)]).map((value) => value ^ byte)),
    );
  await client.query(
    `with given as (select distinct * from unnest($2::bytea[], $3::bytea[]) as k (inner_pad, outer_pad)),
       gone as (delete from tenancy.tag_keys where role = $1 and inner_pad not in (select inner_pad from given))
     insert into tenancy.tag_keys (role, inner_pad, outer_pad) select $1, inner_pad, outer_pad from given on conflict do nothing`,
    [role, pads(0x36), pads(0x5c)],
  );
}
