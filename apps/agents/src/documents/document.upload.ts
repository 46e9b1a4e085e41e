import { createHash } from 'node:crypto';
import {
  AbandonDocument,
  agentsMessages,
  DomainError,
  FinishDocument,
  refusedField,
  StartDocument,
  StartDocumentUpload,
  typeOf,
} from '@apollo/contracts';
import { assertVersion, AuditTrail, receivedPiece } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import { Jobs } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { DOCUMENT_JOB, MOST_DOCUMENTS, MOST_VERSIONS, UPLOAD_SECONDS } from './document.limits.js';
import { DocumentRepository, type LockedDocument, type NewUpload } from './document.repository.js';
import { DocumentEnding } from './work/document.ending.js';

type Document = agentsMessages.Document;

/** What was found out about a file before it is read. */
export interface FileDigest {
  readonly pieces: number;
  readonly sha256: string;
}

/** What files are by the ends of their names. */
const TYPES: Readonly<Record<string, agentsMessages.DocumentType>> = {
  txt: 'text/plain',
  md: 'text/markdown',
  markdown: 'text/markdown',
  csv: 'text/csv',
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
};

/** Takes files in, piece by piece, until they are whole and somebody may read them. */
@Injectable()
export class DocumentUpload {
  constructor(
    private readonly documents: DocumentRepository,
    private readonly jobs: Jobs,
    private readonly ending: DocumentEnding,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * @throws DomainError `validation_failed` for a file of no known type, `state_conflict` where the organization has as
   *   many documents as it may
   */
  async start(request: agentsMessages.StartDocumentRequest, now: Date): Promise<Document> {
    const document = await this.documents.create(newUpload(newId(), request, now));
    if (!document) throw new DomainError('state_conflict', `An organization has at most ${MOST_DOCUMENTS} documents.`);
    await this.wait(document.id);
    await this.audit.done(typeOf(StartDocument), document.id);
    return document;
  }

  /**
   * @throws DomainError `not_found`, `etag_mismatch`, `validation_failed`; `state_conflict` while another upload is
   *   under way, or where there were as many as may be
   */
  async startAnew(request: agentsMessages.StartDocumentUploadRequest, now: Date): Promise<Document> {
    const { id, if_match, ...file } = request;
    const before = existing(await this.documents.lock(id));
    assertVersion(before.version, if_match);
    if (before.state === 'uploading' || before.state === 'reading')
      throw new DomainError('state_conflict', 'Another upload of the document is under way.');
    if (before.upload >= MOST_VERSIONS)
      throw new DomainError('state_conflict', `A document has at most ${MOST_VERSIONS} uploads.`);
    const title = file.title ?? (await this.documents.find(id))?.title;
    const document = existing(await this.documents.replace(newUpload(id, { ...file, title }, now)));
    await this.wait(id);
    await this.audit.done(typeOf(StartDocumentUpload), id, { upload: document.upload });
    return document;
  }

  /**
   * Stores a piece. The same piece again changes nothing.
   *
   * @throws DomainError `not_found`, `payload_too_large`, `validation_failed`; `state_conflict` where the document
   *   takes no pieces, or another one has its number
   */
  async append({ id, seq, data }: agentsMessages.DocumentPieceRequest): Promise<void> {
    const piece = receivedPiece(data);
    const { bytes, upload } = await this.uploading(id);
    if (bytes + piece.data.length > agentsMessages.DOCUMENT_BYTES) throw tooLarge();
    const stored = await this.documents.storePiece({ id, piece_id: newId(), seq, ...piece }, upload);
    if (!stored && (await this.documents.pieceDigest(id, seq)) !== piece.sha256)
      throw new DomainError('state_conflict', `Piece ${seq} arrived before with other content.`);
  }

  /** Reads the whole file once, outside of any transaction: what is stored of it is never changed. */
  async digest(id: string): Promise<FileDigest> {
    const hash = createHash('sha256');
    let pieces = 0;
    let bytes = 0;
    for await (const piece of this.documents.pieces(id)) {
      bytes += piece.length;
      // However the pieces came there.
      if (bytes > agentsMessages.DOCUMENT_BYTES) throw tooLarge();
      hash.update(piece);
      pieces += 1;
    }
    return { pieces, sha256: hash.digest('hex') };
  }

  /** @throws DomainError `not_found`, `state_conflict`; `upload_incomplete` for a file that is not the one sent */
  async finish({ id, pieces, sha256 }: agentsMessages.FinishDocumentRequest, digest: FileDigest): Promise<Document> {
    const { upload } = await this.uploading(id);
    const arrived = await this.documents.pieceCount(id);
    if (arrived !== pieces || digest.pieces !== pieces)
      throw new DomainError('upload_incomplete', `${arrived} of ${pieces} pieces have arrived.`);
    if (digest.sha256 !== sha256.toLowerCase())
      throw new DomainError('upload_incomplete', 'The checksum is not that of the file.');
    const document = existing(await this.documents.begin(id, upload, digest.sha256));
    await this.jobs.start({ id, kind: DOCUMENT_JOB });
    await this.audit.done(typeOf(FinishDocument), id, { upload });
    return document;
  }

  /** Ends an upload that broke off. @throws DomainError `not_found`; `state_conflict` for a file that is whole */
  async abandon(id: string): Promise<void> {
    await this.uploading(id);
    await this.ending.fail(id, { failure: 'upload_incomplete', detail: 'The upload broke off.' });
    await this.jobs.cancel(id);
    await this.audit.done(typeOf(AbandonDocument), id);
  }

  /** Has the upload given up where it is never completed. */
  private wait(id: string): Promise<void> {
    return this.jobs.start({ id, kind: DOCUMENT_JOB, seconds: UPLOAD_SECONDS });
  }

  private async uploading(id: string): Promise<LockedDocument> {
    const found = existing(await this.documents.lock(id));
    if (found.state !== 'uploading') throw new DomainError('state_conflict', 'The document takes no more pieces.');
    return found;
  }
}

function newUpload(id: string, request: agentsMessages.StartDocumentRequest, at: Date): NewUpload {
  const { file_name, title = file_name, language = 'en' } = request;
  const ending = /\.(\w{1,10})$/.exec(file_name)?.[1]?.toLowerCase() ?? '';
  const media_type = request.media_type ?? TYPES[ending];
  if (!media_type) {
    const known = Object.keys(TYPES).join(', ');
    throw refusedField('file_name', `ends in none of ${known}: say the media_type`);
  }
  return { id, upload_id: newId(), title, language, file_name, media_type, at };
}

function tooLarge(): DomainError {
  return new DomainError(
    'payload_too_large',
    `A document has at most ${agentsMessages.DOCUMENT_BYTES / 1024 / 1024} MiB.`,
  );
}

function existing<Found>(found: Found | undefined): Found {
  if (found === undefined) throw new DomainError('not_found');
  return found;
}
