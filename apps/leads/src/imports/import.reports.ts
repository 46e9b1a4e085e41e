import { DomainError, type leadsMessages, type Page } from '@apollo/contracts';
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
  list(request: Page): Promise<leadsMessages.LeadImportList> {
    return this.cursors.page(
      'imports',
      request,
      (before: { id: string } | undefined, limit) => this.imports.page(before?.id ?? MAX_ID, limit),
      ({ id }) => ({ id }),
    );
  }

  /** Leads in the order in which they were made. */
  async changes(request: leadsMessages.ListImportChangesRequest): Promise<leadsMessages.ImportChangeList> {
    const { id } = await this.get(request.id);
    return this.cursors.page(
      'import changes',
      request,
      async (after: { lead: string } | undefined, limit) =>
        (await this.imports.changes(id, after?.lead ?? NIL_ID, limit)).map(changeOf),
      ({ lead_id }) => ({ lead: lead_id }),
    );
  }

  /** In the order of the file. */
  async errors(request: leadsMessages.ListImportErrorsRequest): Promise<leadsMessages.ImportErrorList> {
    const { id } = await this.get(request.id);
    const page = await this.cursors.page(
      'import errors',
      request,
      (after: { position: number } | undefined, limit) => this.imports.errors(id, after?.position ?? 0, limit),
      ({ position }) => ({ position }),
    );
    return {
      ...page,
      items: page.items.map(({ line, column, problem, refused }) => ({ line, column, problem, refused })),
    };
  }
}
