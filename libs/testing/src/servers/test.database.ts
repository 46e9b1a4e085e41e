import { randomBytes } from 'node:crypto';
import { migrate, prepareDatabase, type ServiceSchema, tablesOf, TenantDatabase } from '@apollo/tenancy/postgres';
import pg from 'pg';
import { migratedTemplate } from './migrated.template.js';
import { testServers } from './test.servers.js';

// Roles belong to the whole server, which all spec files share: their passwords are the same everywhere in a run.
const passwords = {
  migrate: 'migrate-in-tests',
  app: 'app-in-tests',
  relay: 'relay-in-tests',
  checker: 'checker-in-tests',
};
const tagKey = 'a5'.repeat(32);

/** A database of a spec's own, prepared and migrated for one service. */
export interface TestDatabase {
  /** Superuser: for looking from outside, never for the code under test. */
  readonly adminUrl: string;
  readonly appUrl: string;
  readonly migrateUrl: string;
  readonly relayUrl: string;
  /** Of a service with vault tables: its checker's. */
  readonly checkerUrl: string;
  readonly tagKey: string;
  /** The service's own way in. */
  readonly database: TenantDatabase;
  /** Runs SQL as superuser. */
  admin(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Closes every connection and drops the database. */
  drop(): Promise<void>;
}

/** What a spec may vary. */
export interface TestDatabaseOptions {
  readonly poolSize?: number;
  /** Leave the schema empty, to apply it otherwise. */
  readonly withoutMigrations?: boolean;
  /** Superuser URL of another server than the run's. */
  readonly server?: string;
}

/** Makes a fresh database for `schema`; several may exist at once. */
export async function testDatabase(schema: ServiceSchema, options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const name = `${schema.service}_${randomBytes(6).toString('hex')}`;
  const server = options.server ?? testServers().postgresAdminUrl;
  const adminUrl = withUrl(server, { database: name });
  const url = (role: keyof typeof passwords): string =>
    withUrl(adminUrl, { user: `${schema.service}_${role}`, password: passwords[role] });
  const ofTheRun = options.server === undefined && !options.withoutMigrations;
  const template = ofTheRun ? await templateOf(schema, server) : 'template1';
  await once(server, `create database ${name} template ${template}`);
  // A copy has neither the rights on its template nor the settings that roles have in it.
  await prepare(schema, adminUrl);
  if (!ofTheRun && !options.withoutMigrations) await migrate(schema, url('migrate'));
  const database = new TenantDatabase({
    url: url('app'),
    tagKey,
    poolSize: options.poolSize ?? 4,
  });
  const admin = new pg.Pool({ connectionString: adminUrl, max: 2 });
  admin.on('error', () => undefined);
  return {
    adminUrl,
    appUrl: url('app'),
    migrateUrl: url('migrate'),
    relayUrl: url('relay'),
    checkerUrl: url('checker'),
    tagKey,
    database,
    admin: async (sql, values) => (await admin.query(sql, values)).rows as Record<string, unknown>[],
    drop: async () => {
      await database.close();
      await admin.end();
      await once(server, `drop database ${name} with (force)`);
    },
  };
}

async function prepare({ service }: ServiceSchema, adminUrl: string): Promise<void> {
  const { checker, ...always } = passwords;
  const hasVault = tablesOf(service).some(({ kind }) => kind === 'vault');
  await prepareDatabase({ adminUrl, service, passwords: hasVault ? { ...always, checker } : always, tagKey });
}

function templateOf(schema: ServiceSchema, server: string): Promise<string> {
  return migratedTemplate(schema, { server, folder: testServers().folder }, async (database) => {
    const adminUrl = withUrl(server, { database });
    await prepare(schema, adminUrl);
    await migrate(schema, withUrl(adminUrl, { user: `${schema.service}_migrate`, password: passwords.migrate }));
  });
}

function withUrl(url: string, change: { database?: string; user?: string; password?: string }): string {
  const changed = new URL(url);
  if (change.database) changed.pathname = `/${change.database}`;
  if (change.user) changed.username = change.user;
  if (change.password) changed.password = change.password;
  return changed.href;
}

async function once(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
