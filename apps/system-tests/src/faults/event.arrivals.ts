import { typeOf, type ServiceName } from '@apollo/contracts';
import { durableEventsBetween, durableEventsOf, durableRoutes } from '@apollo/messaging';
import type pg from 'pg';
import { schemaOf, WITH_DATABASE } from './soak.platform.js';

/** Events written before `$1` that nobody has published. */
const waiting = (producer: string): string =>
  `select count(*)::int as n from ${producer}.outbox where published_at is null and created_at < $1`;

/** Entities whose events of before `$1` have not all taken effect at the consumer. */
const behind = (producer: string, consumer: string): string => `
  select o.org_id, o.entity, o.entity_id, o.version::int, coalesce(i.version, 0)::int as seen
  from (select org_id, entity, entity_id, max(entity_version) as version from ${producer}.outbox where created_at < $1 and type = any ($2) group by 1, 2, 3) o
  left join ${consumer}.inbox i on i.org_id = o.org_id and i.source = $3 and i.entity = o.entity and i.entity_id = o.entity_id
  where coalesce(i.version, 0) < o.version limit 5`;

/** What of the events written before a moment is still on its way, in words; empty when all have arrived. */
export async function eventsUnderWay(admin: pg.Pool, before: Date): Promise<string[]> {
  const missing: string[] = [];
  for (const producer of WITH_DATABASE.filter((service) => durableEventsOf(service).length > 0)) {
    const { rows } = await admin.query<{ n: number }>(waiting(schemaOf(producer)), [before]);
    if (rows[0]?.n) missing.push(`${rows[0].n} events of ${producer} are not published`);
  }
  for (const { producer, consumer } of durableRoutes().filter(
    (route) => isRunning(route.producer) && isRunning(route.consumer),
  )) {
    const types = durableEventsBetween(producer, consumer).map(typeOf);
    const { rows } = await admin.query<Record<string, unknown>>(behind(schemaOf(producer), schemaOf(consumer)), [
      before,
      types,
      producer,
    ]);
    missing.push(
      ...rows.map(
        (row) =>
          `${consumer} has seen version ${String(row['seen'])} of ${producer}'s ${String(row['entity'])} ${String(row['entity_id'])}, which has ${String(row['version'])}`,
      ),
    );
    const dead = await admin.query<{ type: string; entity_id: string; reason: string }>(
      `select type, entity_id, reason from ${schemaOf(consumer)}.dead_letters limit 5`,
    );
    missing.push(
      ...dead.rows.map(
        ({ type, entity_id, reason }) => `${type} of ${entity_id} lies among the dead letters: ${reason}`,
      ),
    );
  }
  return missing;
}

function isRunning(service: ServiceName): boolean {
  return (WITH_DATABASE as readonly ServiceName[]).includes(service);
}
