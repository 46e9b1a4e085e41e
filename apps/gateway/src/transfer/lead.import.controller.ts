import { AbandonImport, AppendImportChunk, FinishImport, type leadsMessages, StartImport } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answers } from '../http/answers.decorator.js';
import { planOf } from '../http/route.plan.js';
import { FORM_FIELDS, IMPORT_FORM, NAMELESS, settingsOf, withOrganization } from './import.form.js';
import { UploadWriter } from './upload.writer.js';

const IMPORT_LEADS = planOf({
  verb: 'post',
  path: '/v1/orgs/{org}/lead-imports',
  contract: StartImport,
  status: 202,
  location: '/v1/orgs/{org}/lead-imports/{id}',
  summary: 'Import leads from a CSV file: the fields first, then the file; the work goes on after the answer',
  accepts: IMPORT_FORM,
});

/** Takes a CSV file in, and tells leads how it is to be read. */
@Controller()
export class LeadImportController {
  constructor(
    private readonly bus: Bus,
    private readonly uploads: UploadWriter,
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

  private receive(request: FastifyRequest): Promise<leadsMessages.LeadImport> {
    return this.uploads.receive(request, IMPORT_LEADS, Object.keys(FORM_FIELDS), {
      start: async (upload, options) => {
        const settings = await withOrganization(this.bus, settingsOf(upload));
        return this.bus.request(StartImport, { ...settings, file_name: upload.fileName || NAMELESS }, options);
      },
      append: (piece, options) => this.bus.request(AppendImportChunk, piece, options),
      finish: (id, file, options) => this.bus.request(FinishImport, { id, ...file }, options),
      abandon: (id) => this.bus.request(AbandonImport, { id }),
    });
  }
}
