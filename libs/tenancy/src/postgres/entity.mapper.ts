import { type EntitySchema, MikroORM } from '@mikro-orm/postgresql';
import { createPostgreSqlTypeParsers } from '@mikro-orm/sql';
import pg from 'pg';
import type { PhysicalTransaction } from './physical.transaction.js';
import { tenantDialect } from './tenant.dialect.js';

/**
 * MikroORM over the transactions of a tenant database. A module of its own because it is loaded at first use:
 * a service that only runs statements is a good 30 MB smaller without it.
 *
 * @param url names the database; nothing is connected to it
 * @param ambient gives the transaction open around the caller
 */
export function entityMapper(
  url: string,
  tables: readonly EntitySchema[],
  ambient: () => PhysicalTransaction | undefined,
): MikroORM {
  return new MikroORM({
    clientUrl: url,
    entities: [...tables],
    driverOptions: tenantDialect(ambient, expectedTypes()),
    ensureDatabase: false,
    allowGlobalContext: false,
  });
}

/** MikroORM wants dates and intervals as text. */
function expectedTypes(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  for (const [oid, parser] of Object.entries(
    createPostgreSqlTypeParsers(pg.types.getTypeParser(1009 as number) as (text: string) => string[]),
  )) {
    types.setTypeParser(Number(oid), parser as (value: string) => unknown);
  }
  return types;
}
