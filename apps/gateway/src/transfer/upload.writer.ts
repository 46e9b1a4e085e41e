import { createHash } from 'node:crypto';
import type { RequestOptions } from '@apollo/messaging';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { HttpGuard } from '../admission/http.guard.js';
import { idempotencyKey } from '../http/injected.fields.js';
import type { RoutePlan } from '../http/route.plan.js';
import { CHUNKS_IN_FLIGHT, type FileSummary, sendInChunks } from './file.chunks.js';
import { type Upload, UploadReader } from './upload.reader.js';

const CHUNK_TIMEOUT_MS = 15_000;

/** A piece of a file that is handed on: which it is, and its bytes as base64. */
export interface SentPiece {
  readonly id: string;
  readonly seq: number;
  readonly data: string;
}

/** What a service is asked while a file is brought to it. */
export interface UploadSteps<Taken> {
  start(upload: Upload, options: RequestOptions): Promise<{ readonly id: string }>;
  append(piece: SentPiece, options: RequestOptions): Promise<unknown>;
  finish(id: string, file: FileSummary, options: RequestOptions): Promise<Taken>;
  /** Has a service give up what nobody will complete. */
  abandon(id: string): Promise<unknown>;
}

/** Takes files in and hands them on piece by piece; at no time is more than a few pieces of one in memory. */
@Injectable()
export class UploadWriter {
  constructor(
    private readonly guard: HttpGuard,
    private readonly uploads: UploadReader,
  ) {}

  /**
   * An upload takes as long as the client likes: each step is done for whoever may do it by then.
   *
   * @param fields names of those of the form that come before the file
   * @returns what the last step does
   * @throws DomainError as `UploadReader.receive`, and whatever a step throws
   */
  receive<Taken>(
    request: FastifyRequest,
    plan: RoutePlan,
    fields: readonly string[],
    steps: UploadSteps<Taken>,
  ): Promise<Taken> {
    const keyFor = stepKeys(idempotencyKey(request));
    const now = <T>(fn: () => Promise<T>): Promise<T> => this.guard.again(request, plan, fn);
    const slowly = (step: string): RequestOptions => ({ idempotencyKey: keyFor(step), timeoutMs: CHUNK_TIMEOUT_MS });
    return this.uploads.receive(request, fields, async (upload) => {
      const { id } = await now(() => steps.start(upload, { idempotencyKey: keyFor('start') }));
      try {
        const file = await sendInChunks(upload.file, CHUNKS_IN_FLIGHT, async (seq, data) => {
          const piece = { id, seq, data: data.toString('base64') };
          await now(() => steps.append(piece, slowly(String(seq))));
        });
        await upload.complete;
        return await now(() => steps.finish(id, file, slowly('finish')));
      } catch (error) {
        // With a key the client may send the file again; without one nobody will, and a few of those keep everybody
        // else of the organization from sending theirs.
        if (keyFor('start') === undefined) await steps.abandon(id).catch(() => undefined);
        throw error;
      }
    });
  }
}

/** One key of the caller's covers the whole upload; each message of it gets a key of its own. */
function stepKeys(key: string | undefined): (step: string) => string | undefined {
  return (step) => key && createHash('sha256').update(`${step} ${key}`).digest('hex');
}
