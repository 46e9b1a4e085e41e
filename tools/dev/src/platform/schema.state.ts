import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { schemaOf } from '@apollo/operate';
import pg from 'pg';
import { REPOSITORY } from './platform.layout.js';

/**
 * Whether every migration of a service is in its database already. Asked before its migration program is run, which
 * would find out the same in a hundred times the time.
 *
 * @param adminUrl a superuser's
 */
export async function isMigrated(adminUrl: string, service: string): Promise<boolean> {
  const files = await readdir(join(REPOSITORY, 'apps', service, 'migrations'));
  const wanted = files.filter((file) => file.endsWith('.sql')).map((file) => file.replace(/\.sql$/, ''));
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'apollo-dev' });
  await client.connect();
  try {
    const table = `${client.escapeIdentifier(schemaOf(service))}.schema_migrations`;
    const { rows } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
    if (!rows[0]?.there) return false;
    const applied = await client.query<{ name: string }>(`select name from ${table}`);
    const known = new Set(applied.rows.map(({ name }) => name));
    return wanted.every((name) => known.has(name));
  } finally {
    await client.end();
  }
}
