import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServiceName } from '@apollo/contracts';
import { pendingOf, type ServiceSchema } from '@apollo/tenancy/postgres';
import pg from 'pg';
import { REPOSITORY } from './platform.layout.js';

/** The schema of a service, as it was built. */
export async function builtSchema(service: ServiceName): Promise<ServiceSchema> {
  const file = join(REPOSITORY, 'apps', service, 'dist', `${service}.schema.js`);
  const built = (await import(pathToFileURL(file).href)) as Readonly<Record<string, ServiceSchema>>;
  const name = `${service.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Schema`;
  const schema = built[name];
  if (schema === undefined) throw new Error(`${file} has no ${name}`);
  return schema;
}

/**
 * Whether every migration of a service is in its database already, and every function as its file has it. Asked before
 * its migration program is run, which would find out the same in many times the time.
 *
 * @param adminUrl a superuser's
 */
export async function isMigrated(adminUrl: string, schema: ServiceSchema): Promise<boolean> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'apollo-dev' });
  await client.connect();
  try {
    const table = `${client.escapeIdentifier(schema.service)}.schema_migrations`;
    const { rows } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
    if (!rows[0]?.there) return false;
    const recorded = await client.query<{ name: string }>(`select name from ${table} order by id`);
    const pending = await pendingOf(
      schema,
      recorded.rows.map(({ name }) => name),
    );
    return pending.length === 0;
  } finally {
    await client.end();
  }
}
