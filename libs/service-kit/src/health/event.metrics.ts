import type { ConsumerObserver, RelayObserver } from '@apollo/messaging';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { BoundedCounter } from './bounded.counter.js';
import { describe } from './health.server.js';

const publishedTotal = new Counter({
  name: 'apollo_events_published_total',
  help: 'Durable events confirmed by JetStream',
});
const refusedTotal = new Counter({
  name: 'apollo_events_refused_total',
  help: 'Events that can never be published; they stay in the outbox, with the reason',
});
const relayFailures = new Counter({ name: 'apollo_relay_failures_total', help: 'Turns of the relay that failed' });
const eventsTotal = new BoundedCounter({
  name: 'apollo_events_total',
  help: 'Durable events taken, by what became of them',
  labelNames: ['type', 'org_id', 'outcome'],
});

/** Counts what leaves the outbox. */
export function relayMetrics(logger: Logger): RelayObserver {
  return {
    published: (count) => publishedTotal.inc(count),
    refused(event, reason) {
      refusedTotal.inc();
      logger.error({ ...event, reason }, 'an event can never be published; it stays in the outbox');
    },
    failed(error) {
      relayFailures.inc();
      logger.warn({ error: describe(error) }, 'events not published; they wait in the outbox');
    },
  };
}

/** Counts what becomes of events taken; ids only, never content. */
export function consumerMetrics(logger: Logger): ConsumerObserver {
  return {
    event(type, org, outcome) {
      eventsTotal.inc({ type, org_id: org, outcome });
      if (outcome === 'buried') logger.error({ type, org_id: org }, 'event put among the dead letters');
      if (outcome === 'rejected') logger.warn({ type }, 'event rejected');
      if (outcome === 'unknown') logger.warn({ type, org_id: org }, 'event of a later version left to it');
    },
    failed(type, requestId, error) {
      logger.warn({ type, request_id: requestId, error: describe(error) }, 'event not handled yet');
    },
  };
}
