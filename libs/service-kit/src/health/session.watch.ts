import { Poller } from '@apollo/messaging';
import type { TenantDatabase } from '@apollo/tenancy/postgres';
import type { Logger } from 'pino';
import { Gauge } from 'prom-client';

/** Milliseconds between two looks. */
const EVERY_MS = 60_000;

const findings = new Gauge({
  name: 'apollo_database_session_findings',
  help: 'Defaults of database roles that nobody prepared, and connections that cannot be made as they should be; anything but 0 is an alarm',
});

/**
 * Looks from time to time at what a role may do to the connections of its own service and no setting can be pinned
 * against. It alarms, by log line and metric, and keeps nobody from being served: readiness does not depend on it, or
 * whoever can change a default could take the service away. Whether the database is still of the process's time, it
 * looks as well: no request fails for a clock that was set anew.
 *
 * @param schema the service's schema, which its roles are named after
 * @param doubt told where the database may not serve this process any more
 * @returns ends the looking
 */
export function watchSessions(
  database: TenantDatabase,
  schema: string,
  logger: Logger,
  doubt: () => void,
  everyMs = EVERY_MS,
): () => Promise<void> {
  const look = async (): Promise<void> => {
    await database.ping().catch(doubt);
    const found = await database.sessionFindings(schema);
    findings.set(found.length);
    if (found.length > 0) logger.error({ findings: found }, 'database roles are not as they were prepared');
  };
  const looking = new Poller(everyMs, look, () => undefined);
  // What opened the database has looked a moment ago.
  looking.startLater();
  return () => looking.stop();
}
