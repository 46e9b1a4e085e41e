import { createHash } from 'node:crypto';
import {
  AbandonImport,
  AppendImportChunk,
  CURRENCIES,
  DomainError,
  FinishImport,
  GetOrg,
  type JsonSchema,
  leadsMessages,
  schemaOf,
  StartImport,
} from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Limits } from '../config.js';
import { HttpDoor } from '../door/http.door.js';
import { Answers } from '../http/answers.decorator.js';
import { idempotencyKey } from '../http/injected.fields.js';
import { parseJsonBody } from '../http/json.parser.js';
import { planOf } from '../http/route.plan.js';
import { sendInChunks } from './file.chunks.js';
import { drain, readUpload, type Upload } from './upload.reader.js';

/** Injection token of the configured limits. */
export const LIMITS = Symbol('limits');
/** Chunks under way at once: one is stored while the next arrives. */
const CHUNKS_IN_FLIGHT = 2;
const CHUNK_TIMEOUT_MS = 15_000;

const formFields = Object.fromEntries(
  Object.entries(schemaOf(leadsMessages.StartImportRequest)['properties'] as Record<string, JsonSchema>).filter(
    ([name]) => name !== 'file_name',
  ),
);

const IMPORT_LEADS = planOf({
  verb: 'post',
  path: '/v1/orgs/{org}/lead-imports',
  contract: StartImport,
  status: 202,
  location: '/v1/orgs/{org}/lead-imports/{id}',
  summary: 'Import leads from a CSV file: the fields first, then the file; the work goes on after the answer',
  accepts: {
    type: 'multipart/form-data',
    schema: {
      type: 'object',
      required: ['mapping', 'file'],
      additionalProperties: false,
      properties: {
        ...formFields,
        mapping: {
          ...formFields['mapping'],
          description: 'JSON: column heading → lead field, or `custom_fields.<key>`.',
        },
        file: { type: 'string', format: 'binary', description: 'The CSV file, UTF-8; the last part.' },
      },
    },
  },
});

/** Takes a CSV file in and hands it on piece by piece; at no time is more than a few pieces of it in memory. */
@Controller()
export class LeadImportController {
  constructor(
    private readonly bus: Bus,
    private readonly door: HttpDoor,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  @Answers(IMPORT_LEADS, 'leads')
  async start(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    try {
      const started = await this.receive(request);
      const { org } = request.params as { org: string };
      await reply
        .code(IMPORT_LEADS.status)
        .header('location', `/v1/orgs/${org}/lead-imports/${started.id}`)
        .header('content-type', 'application/json; charset=utf-8')
        .send(JSON.stringify(started));
    } finally {
      drain(request.raw);
    }
  }

  private async receive(request: FastifyRequest): Promise<leadsMessages.LeadImport> {
    if (Number(request.headers['content-length'] ?? 0) > this.limits.uploadBytes + 262_144)
      throw new DomainError('payload_too_large');
    if (!/^multipart\/form-data;/i.test(request.headers['content-type'] ?? ''))
      throw new DomainError('unsupported_media_type', 'Send the file as multipart/form-data.');
    const keyFor = stepKeys(idempotencyKey(request));
    const upload = await readUpload(request.raw, Object.keys(formFields), this.limits.uploadBytes);
    try {
      const { id } = await this.bus.request(StartImport, await this.withDecimals(startOf(upload)), {
        idempotencyKey: keyFor('start'),
      });
      return await this.fill(request, upload, id, keyFor).catch(async (error: unknown) => {
        // With a key the client may send the file again; without one nobody will, and a few of those close the door to all imports.
        if (keyFor('start') === undefined) await this.bus.request(AbandonImport, { id }).catch(() => undefined);
        throw error;
      });
    } finally {
      upload.file.destroy();
    }
  }

  private async fill(
    request: FastifyRequest,
    upload: Upload,
    id: string,
    keyFor: (step: string) => string | undefined,
  ): Promise<leadsMessages.LeadImport> {
    const { chunks, sha256 } = await sendInChunks(upload.file, CHUNKS_IN_FLIGHT, async (seq, data) => {
      // An upload may take minutes: whoever lost access meanwhile adds nothing more.
      const chunk = { id, seq, data: data.toString('base64') };
      await this.door.again(request, IMPORT_LEADS, () =>
        this.bus.request(AppendImportChunk, chunk, {
          idempotencyKey: keyFor(String(seq)),
          timeoutMs: CHUNK_TIMEOUT_MS,
        }),
      );
    });
    await upload.complete;
    return this.door.again(request, IMPORT_LEADS, () =>
      this.bus.request(
        FinishImport,
        { id, chunks, sha256 },
        { idempotencyKey: keyFor('finish'), timeoutMs: CHUNK_TIMEOUT_MS },
      ),
    );
  }

  /** Amounts are read in the organization's currency, where the file's sender does not say otherwise. */
  private async withDecimals(start: leadsMessages.StartImportRequest): Promise<leadsMessages.StartImportRequest> {
    if (start.value_decimals !== undefined || !Object.values(start.mapping ?? {}).includes('value')) return start;
    const { currency } = await this.bus.request(GetOrg, {});
    return { ...start, value_decimals: CURRENCIES.get(currency) ?? 2 };
  }
}

function startOf({ fields, fileName }: Upload): leadsMessages.StartImportRequest {
  const start: Record<string, unknown> = { file_name: fileName };
  for (const [name, text] of Object.entries(fields)) {
    const { type } = formFields[name] ?? {};
    start[name] =
      type === 'object'
        ? parseJsonBody(Buffer.from(text))
        : type === 'integer' && /^\d{1,9}$/.test(text)
          ? Number(text)
          : text;
  }
  return start as unknown as leadsMessages.StartImportRequest;
}

/** One key of the caller's covers the whole import; each message of it gets a key of its own. */
function stepKeys(key: string | undefined): (step: string) => string | undefined {
  return (step) => key && createHash('sha256').update(`${step} ${key}`).digest('hex');
}
