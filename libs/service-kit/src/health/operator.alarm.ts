import type { Logger } from 'pino';
import { Counter } from 'prom-client';

let known: Counter | undefined;

/**
 * Calls an operator: an error in the log, and a count in `/metrics` that alerts can be put on.
 *
 * @param what a short name, the metric's label
 * @param ids of what it is about; never content
 * @param sentence for whoever reads the log
 */
export function callOperator(logger: Logger, what: string, ids: Record<string, unknown>, sentence: string): void {
  known ??= new Counter({
    name: 'apollo_operator_calls_total',
    help: 'What an operator should look at, by what it is; the log says more',
    labelNames: ['what'],
  });
  known.inc({ what });
  logger.error({ what, ...ids }, sentence);
}
