import { DomainError, type leadsMessages, type Page } from '@apollo/contracts';
import { pageOf } from '@apollo/messaging';
import { CursorCodec } from '@apollo/service-kit';
import { Injectable } from '@nestjs/common';
import { ImportRepository } from './import.repository.js';

const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Tells how far imports have come and what was wrong with their rows. */
@Injectable()
export class ImportReports {
  constructor(
    private readonly imports: ImportRepository,
    private readonly cursors: CursorCodec,
  ) {}

  async get(id: string): Promise<leadsMessages.LeadImport> {
    const found = await this.imports.find(id);
    if (!found) throw new DomainError('not_found');
    return found;
  }

  /** Newest first. */
  async list({ cursor, limit = 50 }: Page): Promise<leadsMessages.LeadImportList> {
    const before = cursor ? this.cursors.open<{ id: string }>('imports', {}, cursor).id : AFTER_ALL;
    const found = await this.imports.page(before, limit + 1);
    const { items, last } = pageOf(found, limit);
    return { items, next_cursor: last ? this.cursors.seal('imports', {}, { id: last.id }) : null };
  }

  /** In the order of the file. */
  async errors({
    id,
    cursor,
    limit = 50,
  }: leadsMessages.ListImportErrorsRequest): Promise<leadsMessages.ImportErrorList> {
    await this.get(id);
    const after = cursor ? this.cursors.open<{ position: number }>('import errors', { id }, cursor).position : 0;
    const found = await this.imports.errors(id, after, limit + 1);
    const { items: page, last } = pageOf(found, limit);
    return {
      items: page.map(({ line, column, problem, refused }) => ({ line, column, problem, refused })),
      next_cursor: last ? this.cursors.seal('import errors', { id }, { position: last.position }) : null,
    };
  }
}
