import { DomainError, type leadsMessages, type Page } from '@apollo/contracts';
import { pageOf } from '@apollo/messaging';
import { CursorCodec } from '@apollo/service-kit';
import { MAX_ID, NIL_ID } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { changeOf } from './import.changes.js';
import { ImportRepository } from './import.repository.js';

/** Tells how far imports have come, what was wrong with their rows, and what they changed. */
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
    const before = cursor ? this.cursors.open<{ id: string }>('imports', {}, cursor).id : MAX_ID;
    const found = await this.imports.page(before, limit + 1);
    const { items, last } = pageOf(found, limit);
    return { items, next_cursor: last ? this.cursors.seal('imports', {}, { id: last.id }) : null };
  }

  /** Leads in the order in which they were made. */
  async changes({
    id,
    cursor,
    limit = 50,
  }: leadsMessages.ListImportChangesRequest): Promise<leadsMessages.ImportChangeList> {
    await this.get(id);
    const after = cursor ? this.cursors.open<{ lead: string }>('import changes', { id }, cursor).lead : NIL_ID;
    const { items, last } = pageOf((await this.imports.changes(id, after, limit + 1)).map(changeOf), limit);
    return {
      items,
      next_cursor: last ? this.cursors.seal('import changes', { id }, { lead: last.lead_id }) : null,
    };
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
