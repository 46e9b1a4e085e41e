import { AuditTrail } from '@apollo/service-kit';
import { Injectable } from '@nestjs/common';
import type { CutText } from '../passage.cut.js';
import { WorkRepository, type WorkedDocument } from './work.repository.js';

/** Why a document is not read: a code, and a sentence for people. */
export interface DocumentFailure {
  readonly failure: string;
  readonly detail: string | null;
}

/** Ends the reading of documents: the rows and the audit entry are written together, by the caller's transaction. */
@Injectable()
export class DocumentEnding {
  constructor(
    private readonly documents: WorkRepository,
    private readonly audit: AuditTrail,
  ) {}

  /** The newest upload has failed, and its file is gone. Does nothing where it has ended already. */
  async fail(id: string, { failure, detail }: DocumentFailure): Promise<void> {
    if (!(await this.documents.fail(id, failure.slice(0, 60), detail?.slice(0, 500) ?? null))) return;
    await this.audit.done('agents.document-failed', id, { failure });
  }

  /** The newest upload is what is searched from now on; the text of the one before and the file are gone. */
  async succeed(document: WorkedDocument, text: CutText): Promise<void> {
    await this.documents.succeed(document, text);
    await this.audit.done('agents.document-read', document.id, {
      upload: document.upload,
      pages: text.pages,
      passages: text.passages.length,
    });
  }
}
