import { WatchRun } from '@apollo/contracts';
import { LiveFrames } from '@apollo/messaging';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { AnswerStream } from './answer.stream.js';

/** Shows whoever watches a run how it goes on. */
@Injectable()
export class RunProgress {
  constructor(
    private readonly database: TenantDatabase,
    private readonly frames: LiveFrames,
  ) {}

  /** Once the open transaction is durable, where there is one: its log has come further, or it has ended. */
  async moved(id: string): Promise<void> {
    const news = { step: null, offset: null, piece: null };
    await this.database.transaction(async (transaction) =>
      transaction.afterCommit(() => this.frames.publish(WatchRun, id, news)),
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
