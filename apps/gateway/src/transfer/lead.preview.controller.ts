import type { Readable } from 'node:stream';
import { DomainError, type leadsMessages, PreviewImport } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpGuard } from '../admission/http.guard.js';
import { Answers } from '../http/answers.decorator.js';
import { planOf } from '../http/route.plan.js';
import { CHUNK_BYTES, wholeChunks } from './file.chunks.js';
import { FORM_FIELDS, IMPORT_FORM, NAMELESS, settingsOf, withOrganization } from './import.form.js';
import { UploadReader } from './upload.reader.js';

const PREVIEW_TIMEOUT_MS = 15_000;

const PREVIEW_LEADS = planOf({
  verb: 'post',
  path: '/v1/orgs/{org}/lead-imports/preview',
  contract: PreviewImport,
  summary: 'Preview an import: how the file is read, a mapping, the first rows as they will become; nothing is written',
  accepts: IMPORT_FORM,
});

/** Looks at the beginning of a CSV file and tells what its import would do. */
@Controller()
export class LeadPreviewController {
  constructor(
    private readonly bus: Bus,
    private readonly guard: HttpGuard,
    private readonly uploads: UploadReader,
  ) {}

  @Answers(PREVIEW_LEADS, 'leads')
  async preview(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const preview = await this.look(request);
    await reply
      .code(PREVIEW_LEADS.status)
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify(preview));
  }

  private async look(request: FastifyRequest): Promise<leadsMessages.ImportPreview> {
    // A form and its file take as long as the client likes: each question is asked for whoever may ask it by then.
    const now = <T>(fn: () => Promise<T>): Promise<T> => this.guard.again(request, PREVIEW_LEADS, fn);
    return this.uploads.receive(request, Object.keys(FORM_FIELDS), async (upload) => {
      const settings = await now(() => withOrganization(this.bus, settingsOf(upload)));
      const { data, whole } = await beginningOf(upload.file);
      if (whole) await upload.complete;
      if (data.length === 0)
        throw new DomainError('invalid_csv', 'The file is empty.', [{ field: 'file', problem: 'is empty' }]);
      const asked = { ...settings, file_name: upload.fileName || NAMELESS, data: data.toString('base64'), whole };
      return await now(() => this.bus.request(PreviewImport, asked, { timeoutMs: PREVIEW_TIMEOUT_MS }));
    });
  }
}

/** The first bytes of a file, as many as one message takes, and whether it has no more. */
async function beginningOf(file: Readable): Promise<{ data: Buffer; whole: boolean }> {
  for await (const data of wholeChunks(file, CHUNK_BYTES + 1))
    return { data: data.subarray(0, CHUNK_BYTES), whole: data.length <= CHUNK_BYTES };
  return { data: Buffer.alloc(0), whole: true };
}
