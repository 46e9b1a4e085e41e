import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { functionFiles, migrationFiles, type ServiceSchema } from '@apollo/tenancy/postgres';
import pg from 'pg';

/** Of the server's advisory locks: whoever holds it makes a template. */
const TEMPLATES = 4301;

/**
 * Name of a database that holds the migrated schema and nothing else, to be copied by `create database … template`: to
 * apply a service's migrations takes ten times as long. Made once in a run for each set of migrations and functions.
 *
 * @param server superuser URL of the run's server
 * @param folder the run's, which tells its templates from another run's on the same server
 * @param make prepares and migrates the database of that name
 */
export async function migratedTemplate(
  schema: ServiceSchema,
  { server, folder }: { server: string; folder: string },
  make: (name: string) => Promise<void>,
): Promise<string> {
  const name = `${prefixOf(folder)}${schema.service}_${await digestOf(schema)}`;
  await asSuperuser(server, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATES]);
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount) return;
    await client.query(`drop database if exists ${name}_unfinished`);
    await client.query(`create database ${name}_unfinished`);
    await make(`${name}_unfinished`);
    await client.query(`alter database ${name}_unfinished rename to ${name}`);
  });
  return name;
}

/** Drops every template of the run. */
export async function dropTemplates({ server, folder }: { server: string; folder: string }): Promise<void> {
  await asSuperuser(server, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [prefixOf(folder)],
    );
    for (const { datname } of rows) await client.query(`drop database ${datname}`);
  });
}

function prefixOf(folder: string): string {
  return `template_${digest(basename(folder))}_`;
}

async function digestOf(schema: ServiceSchema): Promise<string> {
  const files = await migrationFiles(schema);
  const texts = await Promise.all(
    files.map((file) => readFile(new URL(`migrations/${file}`, schema.packageUrl), 'utf8')),
  );
  const functions = await functionFiles(schema);
  return digest(JSON.stringify([files, texts, functions.map(({ version }) => version)]));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

async function asSuperuser(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
