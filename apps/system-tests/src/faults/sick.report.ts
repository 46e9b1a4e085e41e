import { connectNats } from '@apollo/messaging';
import type { SoakPlatform } from './soak.platform.js';

/** Who waits for whom in the database, and since when: what a platform that does not get well is asked first. */
const SESSIONS = `
  select usename, application_name as app, state, wait_event_type || ' ' || wait_event as waits_for, round(extract(epoch from clock_timestamp() - xact_start)::numeric, 1)::float8 as seconds,
    pg_blocking_pids(pid) as blocked_by, pid
  from pg_stat_activity where datname = current_database() and xact_start < clock_timestamp() - interval '2 seconds' and pid <> pg_backend_pid()`;
const CONSUMER = 'orgs-events.billing-stars';

/** What the servers say about what is under way, for the report of a run. */
export async function sickReport(platform: SoakPlatform): Promise<string> {
  const asked = [
    platform.admin.query(SESSIONS).then(({ rows }) => `transactions open for longer than 2 s: ${JSON.stringify(rows)}`),
    consumerState(platform).then((state) => `consumer ${CONSUMER}: ${state}`),
  ];
  return (await Promise.all(asked.map((each) => each.catch((error: unknown) => String(error))))).join('; ');
}

async function consumerState(platform: SoakPlatform): Promise<string> {
  const { url, credentials } = platform.running.nats;
  const connection = await connectNats('deploy', url, credentials['deploy'] as string);
  try {
    const info = (await connection.request(`$JS.API.CONSUMER.INFO.${CONSUMER}`, '', { timeout: 2_000 })).json<
      Record<string, unknown>
    >();
    const { num_pending, num_ack_pending, num_redelivered, num_waiting, delivered, ack_floor } = info;
    return JSON.stringify({ num_pending, num_ack_pending, num_redelivered, num_waiting, delivered, ack_floor });
  } finally {
    await connection.close();
  }
}
