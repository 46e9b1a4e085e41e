import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';
import { describe } from '../health/health.server.js';

/** Nest's own messages as JSON lines of the process's logger; its start-up chatter only at debug level. */
export function nestLogger(logger: Logger): LoggerService {
  return {
    log: (message: unknown) => logger.debug(String(message)),
    warn: (message: unknown) => logger.warn(String(message)),
    error: (message: unknown) =>
      message instanceof Error
        ? logger.error({ error: describe(message) }, 'framework error')
        : logger.error(String(message)),
  };
}
