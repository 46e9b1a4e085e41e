import { type agentsMessages, DeleteDocument, DomainError, type Page, typeOf } from '@apollo/contracts';
import { assertVersion, AuditTrail, CursorCodec } from '@apollo/service-kit';
import { MAX_ID } from '@apollo/tenancy';
import { Jobs } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { DocumentRepository } from './document.repository.js';
import { PassageRepository } from './passage.repository.js';
import { looseQuery } from './search.text.js';
import { snippetOf } from './snippet.text.js';

/** Documents of the organization, and what stands in them. */
@Injectable()
export class DocumentService {
  constructor(
    private readonly documents: DocumentRepository,
    private readonly passages: PassageRepository,
    private readonly jobs: Jobs,
    private readonly audit: AuditTrail,
    private readonly cursors: CursorCodec,
  ) {}

  /** Newest first. */
  list(request: Page): Promise<agentsMessages.DocumentList> {
    return this.cursors.page(
      'documents',
      request,
      (before: { id: string } | undefined, limit) => this.documents.page(before?.id ?? MAX_ID, limit),
      ({ id }) => ({ id }),
    );
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<agentsMessages.Document> {
    const found = await this.documents.find(id);
    if (!found) throw new DomainError('not_found');
    return found;
  }

  /**
   * For good, with all that was read of it; whoever reads it at the moment writes nothing more.
   *
   * @throws DomainError `not_found`, `etag_mismatch`
   */
  async remove({ id, if_match }: agentsMessages.VersionedDocumentRequest): Promise<void> {
    const found = await this.documents.lock(id);
    if (!found) throw new DomainError('not_found');
    assertVersion(found.version, if_match);
    await this.jobs.cancel(id);
    await this.documents.remove(id);
    await this.audit.done(typeOf(DeleteDocument), id);
  }

  /** @throws DomainError `not_found` for the document, and for a page that it has not */
  async page(request: agentsMessages.DocumentPageRequest): Promise<agentsMessages.DocumentPage> {
    const read = async (after: { nth: number } | undefined, limit: number) => {
      const found = await this.passages.page(request.id, request.page, after?.nth ?? 0, limit);
      if (found.length === 0) await this.assertPage(request);
      return found;
    };
    return this.cursors.page('document page', request, read, ({ nth }) => ({ nth }));
  }

  /** The ten passages that fit best: of those that have all that is asked for, or else any of the words. */
  async search({ q, title }: agentsMessages.SearchDocumentsRequest): Promise<agentsMessages.FoundPassages> {
    const loose = looseQuery(q);
    let found = await this.passages.search(q, title);
    if (found.length === 0 && loose !== null) found = await this.passages.search(loose, title);
    return {
      items: found.map(({ language, body, ...passage }) => ({
        ...passage,
        snippet: snippetOf(body, q, language),
        text: body,
      })),
    };
  }

  /** A page may have no text, as one that holds a picture. */
  private async assertPage({ id, page }: agentsMessages.DocumentPageRequest): Promise<void> {
    const { pages, ready_upload: ready } = await this.get(id);
    if (ready === null || page > (pages ?? 0)) throw new DomainError('not_found');
  }
}
