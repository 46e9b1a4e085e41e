import type { DynamicModule } from '@nestjs/common';
import { LogMarks } from './log.mark.js';

/** What the logs of runs are marked by. */
export class RunLogModule {
  /** @param secretHex a secret of the service, 64 hex digits */
  static of(secretHex: string): DynamicModule {
    return {
      module: RunLogModule,
      global: true,
      providers: [{ provide: LogMarks, useValue: new LogMarks(secretHex) }],
      exports: [LogMarks],
    };
  }
}
