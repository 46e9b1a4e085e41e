import { leadsMessages, received, WatchImport } from '@apollo/contracts';
import { LiveFrames } from '@apollo/messaging';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { ImportRepository } from './import.repository.js';

/** Shows whoever watches an import how far it comes. */
@Injectable()
export class ImportProgress {
  constructor(
    private readonly database: TenantDatabase,
    private readonly imports: ImportRepository,
    private readonly frames: LiveFrames,
  ) {}

  /** Once the open transaction is durable, where there is one: the import stands elsewhere than before. */
  async changed(id: string): Promise<void> {
    await this.database.transaction(async (transaction) => transaction.afterCommit(() => this.show(id)));
  }

  /** Whoever begins to watch later than this is told the state as it is by now. */
  private async show(id: string): Promise<void> {
    if (!this.frames.isWatched(WatchImport, id)) return;
    const found = await this.imports.find(id);
    if (found) this.frames.publish(WatchImport, id, received(leadsMessages.ImportProgress, found));
  }
}
