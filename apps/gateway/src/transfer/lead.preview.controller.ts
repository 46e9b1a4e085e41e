import type { Readable } from 'node:stream';
import { type leadsMessages, PreviewImport } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Limits } from '../config.js';
import { Answers } from '../http/answers.decorator.js';
import { planOf } from '../http/route.plan.js';
import { CHUNK_BYTES } from './file.chunks.js';
import { FORM_FIELDS, IMPORT_FORM, settingsOf, withOrganization } from './import.form.js';
import { LIMITS } from './lead.import.controller.js';
import { drain, receivable, readUpload } from './upload.reader.js';

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
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  @Answers(PREVIEW_LEADS, 'leads')
  async preview(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    try {
      const preview = await this.look(request);
      await reply
        .code(PREVIEW_LEADS.status)
        .header('content-type', 'application/json; charset=utf-8')
        .send(JSON.stringify(preview));
    } finally {
      drain(request.raw);
    }
  }

  private async look(request: FastifyRequest): Promise<leadsMessages.ImportPreview> {
    receivable(request, this.limits.uploadBytes);
    const upload = await readUpload(request.raw, Object.keys(FORM_FIELDS), this.limits.uploadBytes);
    try {
      const settings = await withOrganization(this.bus, settingsOf(upload));
      const { data, whole } = await beginningOf(upload.file);
      if (whole) await upload.complete;
      const asked = { ...settings, file_name: upload.fileName, data: data.toString('base64'), whole };
      return await this.bus.request(PreviewImport, asked, { timeoutMs: PREVIEW_TIMEOUT_MS });
    } finally {
      upload.file.destroy();
    }
  }
}

/** The first bytes of a file, as many as one message takes, and whether it has no more. */
async function beginningOf(file: Readable): Promise<{ data: Buffer; whole: boolean }> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of file as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    if (size > CHUNK_BYTES) break;
  }
  return { data: Buffer.concat(parts).subarray(0, CHUNK_BYTES), whole: size <= CHUNK_BYTES };
}
