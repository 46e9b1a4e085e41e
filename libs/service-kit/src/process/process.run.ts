import { pino, type Logger } from 'pino';
import { describe } from '../health/health.server.js';

/** A logger that writes JSON lines; ids only, never content. */
export function createLogger(service: string, level: string): Logger {
  return pino({ level, base: { service } });
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
