import { pino, type Logger } from 'pino';
import { Counter } from 'prom-client';
import { describe } from '../health/health.server.js';

/** Bytes of lines that wait where nothing can be written; further ones are lost. */
const WAITING_BYTES = 1_000_000;
const STDOUT = 1;

const unwritten = new Counter({
  name: 'apollo_log_failures_total',
  help: 'Times that log lines could not be written, as on a full disk; anything but 0 is an alarm',
});

/**
 * A logger that writes JSON lines; ids only, never content. Where they cannot be written, on a full disk say, the
 * process goes on: lines wait, and the oldest are written once they can be.
 */
export function createLogger(service: string, level: string): Logger {
  const output = pino.destination({ dest: STDOUT, sync: true, maxLength: WAITING_BYTES });
  output.on('error', () => unwritten.inc());
  return pino({ level, base: { service } }, output);
}

/** Runs a process until it is told to stop; a start that fails ends it with one clear line and exit code 1. */
export function runProcess(name: string, start: () => Promise<{ stop(): Promise<void> }>): void {
  const logger = createLogger(name, 'info');
  process.on('unhandledRejection', (error) => logger.error({ error: describe(error) }, 'unhandled rejection'));
  // A start that throws before it waits for anything (an environment that makes no sense) is no different.
  Promise.resolve()
    .then(start)
    .then(
      (running) => {
        const end = (signal: string): void => {
          logger.info({ signal }, 'stopping');
          setTimeout(() => process.exit(1), 10_000).unref();
          running.stop().then(
            () => process.exit(0),
            () => process.exit(1),
          );
        };
        process.once('SIGTERM', end);
        process.once('SIGINT', end);
        giveBackMemory();
      },
      (error: unknown) => {
        logger.fatal({ error: error instanceof Error ? error.message : String(error) }, `${name} did not start`);
        process.exit(1);
      },
    );
}

/**
 * Loading two thousand files leaves behind a third of what the process holds, and V8 gives it back only after minutes
 * of idling. Done here at once, in a few tenths of a second; for processes started with `--expose-gc`.
 */
function giveBackMemory(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
