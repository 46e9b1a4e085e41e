import { TenantDatabase } from '@apollo/tenancy/postgres';
import { type Claim, ClaimLostError, Jobs, LeftOffError, type WorkTurn } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { MOST_PASSAGES, UPLOAD_SECONDS } from '../document.limits.js';
import { UnreadableError } from '../extraction/extraction.failure.js';
import type { CutText } from '../passage.cut.js';
import { DocumentEnding, type DocumentFailure } from './document.ending.js';
import { DocumentReader } from './document.reader.js';
import { WorkRepository, type WorkedDocument } from './work.repository.js';

/** Brings the text of a document's file in: in one transaction it is what is searched, or nothing has changed. */
@Injectable()
export class DocumentWorker {
  constructor(
    private readonly database: TenantDatabase,
    private readonly jobs: Jobs,
    private readonly documents: WorkRepository,
    private readonly reader: DocumentReader,
    private readonly ending: DocumentEnding,
  ) {}

  async work(claim: Claim, turn: WorkTurn): Promise<void> {
    const document = await this.documents.find(claim.id);
    if (document?.state === 'uploading') return this.giveUp(claim, document);
    if (document?.state !== 'reading') return;
    const text = await this.textOf(claim, document, turn.signal);
    await this.held(claim, async () => {
      const others = await this.documents.passagesOfOthers(document.id);
      if (!('passages' in text)) await this.ending.fail(document.id, text);
      else if (others + text.passages.length > MOST_PASSAGES) await this.ending.fail(document.id, TOO_MUCH);
      else await this.ending.succeed(document, text);
    });
  }

  private async textOf(
    claim: Claim,
    document: WorkedDocument,
    signal: AbortSignal,
  ): Promise<CutText | DocumentFailure> {
    try {
      const text = await this.reader.read(claim, document, signal);
      if (text.passages.length > 0) return text;
      throw new UnreadableError('no_text');
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      return { failure: error.failure, detail: error.message };
    }
  }

  /** @throws LeftOffError where the file may still arrive */
  private async giveUp(claim: Claim, { id, age }: WorkedDocument): Promise<void> {
    if (age < UPLOAD_SECONDS) throw new LeftOffError(UPLOAD_SECONDS - age);
    const incomplete = { failure: 'upload_incomplete', detail: 'The upload was never completed.' };
    await this.held(claim, () => this.ending.fail(id, incomplete));
  }

  /** @throws ClaimLostError where the claim is gone: nothing is written then */
  private held(claim: Claim, work: () => Promise<void>): Promise<void> {
    return this.database.transaction(async () => {
      const [[kept]] = await this.database.batch([this.jobs.cameOn(claim)]);
      if (!kept?.alive) throw new ClaimLostError();
      await work();
    });
  }
}

const TOO_MUCH: DocumentFailure = {
  failure: 'too_much_text',
  detail: `The documents of an organization have at most ${MOST_PASSAGES} passages of text. Delete some, and send it again.`,
};
