import type { Logger } from 'pino';
import { Counter } from 'prom-client';

/** Milliseconds over which refusals are counted together. */
const WINDOW_MS = 60_000;
/** Refusals in a window that nobody brings about by mistake. */
const BURST = 20;

const denials = new Counter({
  name: 'apollo_database_denials_total',
  help: 'Statements that PostgreSQL refused for want of a right or a tag (42501); a service that works as it should has none',
});

/**
 * Counts statements that the database refused, and says so in the log: the first in a minute as a warning, a burst as
 * an error. A policy that is tried from within a service shows here.
 *
 * @param nowMs the clock, in milliseconds
 * @returns told of each refusal
 */
export function denialAlarm(logger: Logger, nowMs: () => number = Date.now): () => void {
  let began = -Infinity;
  let count = 0;
  return () => {
    denials.inc();
    if (nowMs() - began >= WINDOW_MS) {
      began = nowMs();
      count = 0;
    }
    count += 1;
    if (count === 1) logger.warn('the database refused a statement for want of a right or a tag');
    if (count === BURST)
      logger.error(
        { refused: count },
        'the database refuses statement after statement: somebody may be trying its policies',
      );
  };
}
