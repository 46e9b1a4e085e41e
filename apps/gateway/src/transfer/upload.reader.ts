import type { IncomingMessage } from 'node:http';
import { finished, type Readable } from 'node:stream';
import { DomainError, legible, refusedField } from '@apollo/contracts';
import busboy from '@fastify/busboy';
import type { FastifyRequest } from 'fastify';
import type { BodyBudget } from '../admission/body.budget.js';
import { watchArrival } from '../http/arrival.watch.js';
import { assertPlain } from '../http/content.encoding.js';
import { UPLOAD_HELD_BYTES } from './file.chunks.js';

/** A form whose fields are here and whose file is still arriving. */
export interface Upload {
  readonly fields: Readonly<Record<string, string>>;
  /** As the client named it, without folders, control characters and what turns text; empty where nothing is left. */
  readonly fileName: string;
  /** Read it to its end or destroy it; it stops the client while nobody reads. Fails when the client goes away or sends too much. */
  readonly file: Readable;
  /** Settles when the whole form was read. @throws DomainError when anything followed the file */
  readonly complete: Promise<void>;
}

/** Bytes of a form besides its file. */
const FORM_BYTES = 262_144;

/** Milliseconds in which the least part of an upload has to arrive, see `watchArrival`: longer than for JSON, for a file may come from a train. */
const SPAN_MS = 30_000;

/** Takes uploads in, each counted with what it may hold at most to whom it acts for, as long as it is worked on. */
export class UploadReader {
  /** @param maxBytes of one file */
  constructor(
    private readonly budget: BodyBudget,
    private readonly maxBytes: number,
  ) {}

  /**
   * Reads an upload up to its file and hands it over.
   *
   * @param allowed names of the fields; the file's part is named `file` and comes last
   * @returns what `use` does; what it has not read of the file by then is not kept
   * @throws DomainError `payload_too_large`, `unsupported_media_type` for what is no upload, `rate_limited` and
   *   `service_unavailable` when too many are under way, `validation_failed` for unknown, repeated or missing parts,
   *   `malformed_request` for a broken form; and whatever `use` throws
   */
  async receive<T>(
    request: FastifyRequest,
    allowed: readonly string[],
    use: (upload: Upload) => Promise<T>,
  ): Promise<T> {
    assertReceivable(request, this.maxBytes);
    const lease = this.budget.open(request);
    try {
      lease.take(UPLOAD_HELD_BYTES);
      const upload = await readUpload(request.raw, allowed, this.maxBytes);
      try {
        return await use(upload);
      } finally {
        upload.file.destroy();
      }
    } finally {
      lease.release();
    }
  }
}

function assertReceivable({ headers }: FastifyRequest, maxBytes: number): void {
  assertPlain(headers['content-encoding'], 'multipart/form-data');
  if (Number(headers['content-length'] ?? 0) > maxBytes + FORM_BYTES) throw new DomainError('payload_too_large');
  if (!/^multipart\/form-data;/i.test(headers['content-type'] ?? ''))
    throw new DomainError('unsupported_media_type', 'Send the file as multipart/form-data.');
}

/** Reads a `multipart/form-data` request up to its file. */
function readUpload(raw: IncomingMessage, allowed: readonly string[], maxBytes: number): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const fields: Record<string, string> = {};
    let file: Readable | undefined;
    let settle: { done: () => void; failed: (error: Error) => void } | undefined;
    const fail = (error: Error): void => {
      unwatch();
      reject(error);
      settle?.failed(error);
      if (file && !file.readableEnded) file.destroy(error);
      raw.unpipe(form);
    };
    const unwatch = watchArrival(raw, SPAN_MS, () =>
      fail(new DomainError('request_timeout', 'The upload arrives too slowly.')),
    );
    const form = formReader(raw, maxBytes, fail);
    if (!form) return;
    form.on('field', (name, value, nameTruncated, valueTruncated) => {
      const problem = file
        ? 'must come before the file'
        : nameTruncated || valueTruncated
          ? 'is too long'
          : !allowed.includes(name) || name in fields
            ? 'is not a field of this form, or is given twice'
            : undefined;
      if (problem) fail(refused(name, problem));
      else fields[name] = value;
    });
    form.on('file', (name, stream, givenName) => {
      stream.on('error', () => undefined);
      if (name !== 'file' || file) {
        stream.resume();
        return fail(refused(name, 'is not the file of this form'));
      }
      file = stream;
      stream.on('limit', () =>
        fail(new DomainError('payload_too_large', `The file is larger than ${maxBytes} bytes.`)),
      );
      const complete = new Promise<void>((done, failed) => (settle = { done, failed }));
      complete.catch(() => undefined);
      resolve({ fields, fileName: cleanName(givenName), file: stream, complete });
    });
    for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
      form.on(limit, () => fail(new DomainError('malformed_request', 'The form has too many parts.')));
    form.on('error', () => fail(new DomainError('malformed_request', 'The form is not complete or not well formed.')));
    form.on('finish', () => {
      unwatch();
      reject(refused('file', 'is missing'));
      settle?.done();
    });
    finished(raw, () => {
      unwatch();
      if (!raw.readableEnded) fail(new DomainError('malformed_request', 'The upload was cut short.'));
    });
    raw.pipe(form);
  });
}

function formReader(
  raw: IncomingMessage,
  maxBytes: number,
  fail: (error: Error) => void,
): InstanceType<typeof busboy.Busboy> | undefined {
  try {
    return new busboy.Busboy({
      headers: raw.headers as never,
      limits: {
        fieldNameSize: 100,
        fieldSize: 65_536,
        fields: 20,
        files: 1,
        parts: 21,
        headerPairs: 50,
        fileSize: maxBytes,
      },
    });
  } catch {
    fail(new DomainError('malformed_request', 'The form has no boundary.'));
    return undefined;
  }
}

function refused(name: string, problem: string): DomainError {
  const field = name.slice(0, 100);
  return refusedField(field, `${field} ${problem}`);
}

/** Characters of a file's name that are looked at, of which fewer may be seen. */
const LOOKED_AT = 2_000;

function cleanName(name: string | undefined): string {
  const last = (name ?? '').split(/[/\\]/).at(-1) ?? '';
  return legible(last.slice(0, LOOKED_AT).replaceAll(/[\p{Cc}\p{Cs}]/gu, ''))
    .slice(0, 200)
    .toWellFormed();
}
