import { WatchRun } from '@apollo/contracts';
import { LiveFrames } from '@apollo/messaging';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { AnswerStream } from './answer.stream.js';
import type { LogEntry } from './run.repository.js';
import { entryOf } from './run.view.js';

/** Octets of an entry that is shown as it is, less than a frame may have: whoever watches asks for a longer one. */
const LONGEST_SHOWN = 7_500;

/** Shows whoever watches a run how it goes on. */
@Injectable()
export class RunProgress {
  constructor(
    private readonly database: TenantDatabase,
    private readonly frames: LiveFrames,
  ) {}

  /**
   * Once the open transaction is durable, where there is one: its log has come further, or it has ended.
   *
   * @param entry by which its log has come further
   */
  async moved(id: string, entry?: LogEntry): Promise<void> {
    await this.database.transaction(async (transaction) =>
      transaction.afterCommit(() => {
        if (!this.frames.isWatched(WatchRun, id)) return;
        const entries = entry && [entryOf(entry)];
        const isSmall = entries && Buffer.byteLength(JSON.stringify(entries)) <= LONGEST_SHOWN;
        this.frames.publish(WatchRun, id, { step: null, offset: null, piece: null, ...(isSmall && { entries }) });
      }),
    );
  }

  /** Shows an answer while it comes. */
  pieces(id: string, step: number): AnswerStream {
    return new AnswerStream(
      () => this.frames.isWatched(WatchRun, id),
      (piece, offset) =>
        this.frames.publish(WatchRun, id, {
          step,
          offset,
          piece: Buffer.from(piece, 'utf16le').toString('base64'),
        }),
    );
  }
}
