import type { agentsMessages } from '@apollo/contracts';
import { type Claim, ClaimLostError, LeftOffError } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { ClaimWatch } from '../../runs/work/claim.watch.js';
import { BUSY_SECONDS } from '../document.limits.js';
import { DocumentRepository } from '../document.repository.js';
import { ExtractionRunner, type FileFormat } from '../extraction/extraction.runner.js';
import { type CutText, cutText } from '../passage.cut.js';
import type { WorkedDocument } from './work.repository.js';

const FORMATS: Readonly<Record<agentsMessages.DocumentType, FileFormat>> = {
  'text/plain': 'text',
  'text/markdown': 'text',
  'text/csv': 'text',
  'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
};

/** Reads the files of documents, one at a time. */
@Injectable()
export class DocumentReader {
  constructor(
    private readonly runner: ExtractionRunner,
    private readonly documents: DocumentRepository,
    private readonly watch: ClaimWatch,
  ) {}

  /**
   * The text of a document's newest file. Nothing is written, and no transaction is open.
   *
   * @param signal aborted where the work is to be left
   * @throws UnreadableError; LeftOffError where another file is read, or the work is left; ClaimLostError where the
   *   document is gone, or somebody else reads it
   */
  read(claim: Claim, { id, bytes, media_type: type }: WorkedDocument, signal: AbortSignal): Promise<CutText> {
    if (this.runner.isBusy) throw new LeftOffError(BUSY_SECONDS);
    return this.watch.during(claim, signal, async (ours) => {
      try {
        const file = { format: FORMATS[type], bytes, pieces: this.documents.pieces(id), signal: ours };
        return await cutText(await this.runner.read(file), type === 'application/pdf');
      } catch (error) {
        if (signal.aborted) throw new LeftOffError();
        throw ours.aborted ? new ClaimLostError() : error;
      }
    });
  }
}
