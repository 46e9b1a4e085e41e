import type { ServiceName } from '@apollo/contracts';
import pg from 'pg';
import { testServers } from './test.servers.js';

/**
 * Waits until no other spec file answers for `service`, and keeps it so. All files of a run share one NATS, and whoever
 * joins a service's queue group is given its share of everybody's requests: two files at once would answer each other's.
 *
 * @returns gives the turn to the next file; also given up when this process ends
 */
export async function takeTurn(service: ServiceName): Promise<() => Promise<void>> {
  // Files follow each other in a process: a turn that this one still has belongs to a file that failed to give it back.
  const mine = `turn-${service}-${process.pid}`;
  const client = new pg.Client({ connectionString: testServers().postgresAdminUrl, application_name: mine });
  // The end of the run may come before the end of a file that failed to start.
  client.on('error', () => undefined);
  await client.connect();
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()', [mine]);
  await client.query('select pg_advisory_lock(hashtext($1))', [`turn ${service}`]);
  return () => client.end();
}
