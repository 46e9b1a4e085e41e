import { createHash } from 'node:crypto';
import {
  ContinueImport,
  DomainError,
  FinishImport,
  leadsMessages,
  StartImport,
  typeOf,
  UndoImport,
} from '@apollo/contracts';
import { AuditTrail, PIECE_BYTES, receivedPiece } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import { Jobs } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import type { Sample } from './csv/csv.dialect.js';
import { EncodingDetector, type Encoding } from './csv/csv.encoding.js';
import { FileQueue } from './file.queue.js';
import { ImportDestination } from './import.destination.js';
import { IMPORT_JOB, OPEN_IMPORTS, UPLOAD_SECONDS } from './import.limits.js';
import { checkedMapping, storedMapping } from './import.mapping.js';
import { ImportProgress } from './import.progress.js';
import { ImportRepository, tooLarge } from './import.repository.js';
import { ImportPlanner } from './plan/import.planner.js';
import { columnSettings } from './plan/import.settings.js';
import { ImportEnding } from './work/import.ending.js';

/** What was found out about a file before its import begins. */
export interface FileDigest {
  readonly sha256: string;
  readonly chunks: number;
  readonly encoding: Encoding;
  /** Its beginning, as much as one chunk has at most. */
  readonly head: Sample;
}

/** Takes files in, chunk by chunk, until they are whole and somebody may work on them. */
@Injectable()
export class ImportUpload {
  constructor(
    private readonly imports: ImportRepository,
    private readonly destination: ImportDestination,
    private readonly planner: ImportPlanner,
    private readonly jobs: Jobs,
    private readonly ending: ImportEnding,
    private readonly audit: AuditTrail,
    private readonly queue: FileQueue,
    private readonly progress: ImportProgress,
  ) {}

  /**
   * @throws DomainError `validation_failed`, `not_found` for a pipeline, `state_conflict` when too many imports are open
   *   or the currency is another one by now, `service_unavailable` while that changes
   */
  async start(request: leadsMessages.StartImportRequest): Promise<leadsMessages.LeadImport> {
    const columns = columnSettings(request);
    const mapping = request.mapping && checkedMapping({ ...request, mapping: request.mapping });
    if ((await this.imports.openCount()) >= OPEN_IMPORTS) {
      throw new DomainError(
        'state_conflict',
        `At most ${OPEN_IMPORTS} imports of an organization may be open at once.`,
      );
    }
    const pipelineId = await this.destination.pipeline(request.pipeline_id ?? null);
    if (mapping) await this.destination.customFields(mapping, columns);
    const { file_name: _, pipeline_id: __, mapping: ___, ...settings } = request;
    const created = await this.imports.create({
      id: newId(),
      file_name: request.file_name,
      pipeline_id: pipelineId,
      mapping: storedMapping.write(mapping ?? new Map()),
      delimiter: request.delimiter ?? null,
      default_contact_name: request.default_contact_name ?? null,
      value_decimals: request.value_decimals ?? 2,
      settings: JSON.stringify(settings),
    });
    await this.destination.assertAmountsTaken(pipelineId, request.currency);
    await this.jobs.start({ id: created.id, kind: IMPORT_JOB, seconds: UPLOAD_SECONDS });
    await this.audit.done(typeOf(StartImport), created.id);
    return created;
  }

  /** Stores a piece. The same piece again changes nothing; another one under its number is refused. */
  async append({ id, seq, data }: leadsMessages.ImportChunkRequest): Promise<void> {
    const piece = receivedPiece(data);
    const found = await this.receiving(id);
    if (found.received_bytes + piece.data.length > leadsMessages.IMPORT_BYTES) throw tooLarge();
    const stored = await this.imports.storeChunk({ id: newId(), import_id: id, seq, ...piece });
    if (!stored && (await this.imports.chunkDigest(id, seq)) !== piece.sha256) {
      throw new DomainError('state_conflict', `Chunk ${seq} arrived before with other content.`);
    }
  }

  /**
   * Reads the whole file once, outside of any transaction: what is stored under an import is never changed.
   *
   * @throws DomainError `rate_limited` where too many files of the organization wait for that
   */
  digest(id: string): Promise<FileDigest> {
    return this.queue.run(() => this.read(id));
  }

  private async read(id: string): Promise<FileDigest> {
    const hash = createHash('sha256');
    const detector = new EncodingDetector();
    let head: Buffer = Buffer.alloc(0);
    let size = 0;
    let chunks = 0;
    for await (const piece of this.imports.chunks(id)) {
      hash.update(piece);
      await detector.add(piece);
      if (head.length < PIECE_BYTES) head = Buffer.concat([head, piece]).subarray(0, PIECE_BYTES);
      size += piece.length;
      chunks++;
    }
    const settings = await this.imports.settings(id);
    const { encoding } = detector.result(true, settings?.country);
    const sample = { bytes: head, whole: size === head.length };
    return { sha256: hash.digest('hex'), chunks, encoding, head: sample };
  }

  /**
   * Settles how the file is read and begins; an import whose file cannot be read has failed.
   *
   * @throws DomainError `upload_incomplete` when chunks are missing or the file is not the one that was sent
   */
  async finish(
    { id, chunks, sha256 }: leadsMessages.FinishImportRequest,
    digest: FileDigest,
  ): Promise<leadsMessages.LeadImport> {
    await this.receiving(id);
    await this.progress.changed(id);
    const arrived = await this.imports.arrivedChunks(id);
    if (arrived !== chunks || digest.chunks !== chunks)
      throw new DomainError('upload_incomplete', `${arrived} of ${chunks} chunks have arrived.`);
    if (digest.sha256 !== sha256.toLowerCase())
      throw new DomainError('upload_incomplete', 'The checksum is not that of the file.');
    const begun = await this.begin(id, digest).catch(async (error: unknown) => {
      // What is wrong with the file ends the import; the upload has succeeded.
      if (!(error instanceof DomainError)) throw error;
      const { code, detail, fields = [] } = error;
      const refused = fields.map(({ field, problem }) => `${field}: ${problem}`);
      await this.ending.giveUp(id, { code, detail: [detail, ...refused].join(' ') });
      return this.imports.find(id);
    });
    if (!begun) throw new DomainError('not_found');
    await this.audit.done(typeOf(FinishImport), id);
    if (begun.status === 'running') await this.jobs.start({ id, kind: IMPORT_JOB });
    return begun;
  }

  private async begin(id: string, { head, encoding }: FileDigest): Promise<leadsMessages.LeadImport> {
    const plan = await this.planner.planOf(id, head, encoding);
    await this.destination.customFields(plan.mapping, plan);
    const { identity, isIdentityGuessed: is_identity_guessed, formats, dialect, heading, internationalPhones } = plan;
    const line = Math.max(heading.line, 1);
    await this.imports.noteProblems(
      id,
      [...plan.unplaced, ...plan.warned].map(([column, problem]) => ({ line, column, problem, refused: false })),
    );
    const international = internationalPhones.length > 0 ? { international_phones: internationalPhones } : {};
    const reading = { ...dialect, identity, is_identity_guessed, formats, ...international };
    return this.imports.begin(id, storedMapping.write(plan.mapping), reading);
  }

  /** Ends an import whose upload broke off. @throws DomainError `not_found`; `state_conflict` when the file was whole already */
  async abandon(id: string): Promise<void> {
    await this.receiving(id);
    await this.ending.giveUp(id, { code: 'upload_incomplete', detail: 'The upload broke off.' });
    await this.progress.changed(id);
  }

  /** Has an import taken back. @throws DomainError `not_found`; `state_conflict` when there is nothing to take back */
  async undo(id: string): Promise<leadsMessages.LeadImport> {
    const undoing = await this.imports.undo(id);
    if (!undoing) {
      const found = await this.imports.find(id);
      if (!found) throw new DomainError('not_found');
      throw new DomainError('state_conflict', notUndone(found));
    }
    await this.audit.done(typeOf(UndoImport), id);
    await this.progress.changed(id);
    await this.jobs.start({ id, kind: IMPORT_JOB });
    return undoing;
  }

  /** Has an import go on that was stopped. @throws DomainError `not_found`; `state_conflict` when it was not */
  async continue(id: string): Promise<leadsMessages.LeadImport> {
    const going = await this.imports.continue(id);
    if (!going) {
      if (!(await this.imports.find(id))) throw new DomainError('not_found');
      throw new DomainError('state_conflict', 'Only an import that was stopped can be continued.');
    }
    const { pipeline_id: pipeline = null } = (await this.imports.settings(id)) ?? {};
    if (going.status === 'running') await this.destination.pipeline(pipeline);
    await this.audit.done(typeOf(ContinueImport), id);
    await this.progress.changed(id);
    await this.jobs.start({ id, kind: IMPORT_JOB });
    return going;
  }

  private async receiving(id: string): Promise<{ received_bytes: number }> {
    const found = await this.imports.lock(id);
    if (!found) throw new DomainError('not_found');
    if (found.status !== 'receiving') throw new DomainError('state_conflict', 'The import takes no more chunks.');
    return found;
  }
}

/** Why an import cannot be taken back as it is. */
function notUndone({ status, undo, rows_read }: leadsMessages.LeadImport): string {
  switch (status) {
    case 'undone':
      return 'The import has been taken back already.';
    case 'undoing':
      return 'The import is being taken back already.';
    case 'stopped':
      return undo == null
        ? 'The import was stopped on its way. Continue it: once it has ended, it can be taken back.'
        : 'The import was being taken back when that was stopped. Continue it, and it goes on being taken back.';
    case 'receiving':
    case 'running':
      return 'The import is still under way. Once it has ended, it can be taken back.';
    default:
      return rows_read > 0
        ? 'The import is of a version that kept nothing by which it could be taken back.'
        : 'The import has read no row, so there is nothing to take back.';
  }
}
