import { createHash } from 'node:crypto';
import { AbandonImport, AppendImportChunk, FinishImport, type leadsMessages, StartImport } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpGuard } from '../admission/http.guard.js';
import { Answers } from '../http/answers.decorator.js';
import { idempotencyKey } from '../http/injected.fields.js';
import { planOf } from '../http/route.plan.js';
import { CHUNKS_IN_FLIGHT, sendInChunks } from './file.chunks.js';
import { FORM_FIELDS, IMPORT_FORM, settingsOf, withOrganization } from './import.form.js';
import { type Upload, UploadReader } from './upload.reader.js';

const CHUNK_TIMEOUT_MS = 15_000;

const IMPORT_LEADS = planOf({
  verb: 'post',
  path: '/v1/orgs/{org}/lead-imports',
  contract: StartImport,
  status: 202,
  location: '/v1/orgs/{org}/lead-imports/{id}',
  summary: 'Import leads from a CSV file: the fields first, then the file; the work goes on after the answer',
  accepts: IMPORT_FORM,
});

/** Takes a CSV file in and hands it on piece by piece; at no time is more than a few pieces of it in memory. */
@Controller()
export class LeadImportController {
  constructor(
    private readonly bus: Bus,
    private readonly guard: HttpGuard,
    private readonly uploads: UploadReader,
  ) {}

  @Answers(IMPORT_LEADS, 'leads')
  async start(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const started = await this.receive(request);
    const { org } = request.params as { org: string };
    await reply
      .code(IMPORT_LEADS.status)
      .header('location', `/v1/orgs/${org}/lead-imports/${started.id}`)
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify(started));
  }

  private async receive(request: FastifyRequest): Promise<leadsMessages.LeadImport> {
    const keyFor = stepKeys(idempotencyKey(request));
    return this.uploads.receive(request, Object.keys(FORM_FIELDS), async (upload) => {
      // The form took as long as the client liked: it is opened for whoever may open one by then.
      const { id } = await this.guard.again(request, IMPORT_LEADS, async () => {
        const start = { ...(await withOrganization(this.bus, settingsOf(upload))), file_name: upload.fileName };
        return this.bus.request(StartImport, start, { idempotencyKey: keyFor('start') });
      });
      return await this.fill(request, upload, id, keyFor).catch(async (error: unknown) => {
        // With a key the client may send the file again; without one nobody will, and a few of those keep everybody else from importing.
        if (keyFor('start') === undefined) await this.bus.request(AbandonImport, { id }).catch(() => undefined);
        throw error;
      });
    });
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
      await this.guard.again(request, IMPORT_LEADS, () =>
        this.bus.request(AppendImportChunk, chunk, {
          idempotencyKey: keyFor(String(seq)),
          timeoutMs: CHUNK_TIMEOUT_MS,
        }),
      );
    });
    await upload.complete;
    return this.guard.again(request, IMPORT_LEADS, () =>
      this.bus.request(
        FinishImport,
        { id, chunks, sha256 },
        { idempotencyKey: keyFor('finish'), timeoutMs: CHUNK_TIMEOUT_MS },
      ),
    );
  }
}

/** One key of the caller's covers the whole import; each message of it gets a key of its own. */
function stepKeys(key: string | undefined): (step: string) => string | undefined {
  return (step) => key && createHash('sha256').update(`${step} ${key}`).digest('hex');
}
