import {
  AbandonDocument,
  agentsMessages,
  AppendDocumentPiece,
  FinishDocument,
  type JsonSchema,
  schemaOf,
  StartDocument,
  StartDocumentUpload,
} from '@apollo/contracts';
import { Bus, type RequestOptions } from '@apollo/messaging';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answers } from '../http/answers.decorator.js';
import { readInjected } from '../http/injected.fields.js';
import type { Media } from '../http/route.js';
import { planOf, type RoutePlan } from '../http/route.plan.js';
import type { Upload } from './upload.reader.js';
import { UploadWriter } from './upload.writer.js';

type Document = agentsMessages.Document;

const { file_name: _, ...FIELDS } = schemaOf(agentsMessages.StartDocumentRequest)['properties'] as Record<
  string,
  JsonSchema
>;

const FORM: Media = {
  type: 'multipart/form-data',
  schema: {
    type: 'object',
    required: ['file'],
    additionalProperties: false,
    properties: {
      ...FIELDS,
      file: {
        type: 'string',
        format: 'binary',
        description: 'Text, Markdown, CSV, PDF or DOCX of 50 MiB at most; the last part.',
      },
    },
  },
};

const documents = '/v1/orgs/{org}/documents';
const UPLOAD = planOf({
  verb: 'post',
  path: documents,
  contract: StartDocument,
  status: 202,
  location: `${documents}/{id}`,
  summary: 'Upload a document: the fields first, then the file; it is read after the answer',
  accepts: FORM,
});
const UPLOAD_ANEW = planOf({
  verb: 'post',
  path: `${documents}/{id}/uploads`,
  contract: StartDocumentUpload,
  status: 202,
  location: `${documents}/{id}`,
  summary: 'Upload a document anew: what is there is searched until the new file has been read',
  inject: ['if_match'],
  accepts: FORM,
});

/** Takes the files of documents in. */
@Controller()
export class DocumentUploadController {
  constructor(
    private readonly bus: Bus,
    private readonly uploads: UploadWriter,
  ) {}

  @Answers(UPLOAD, 'documents')
  async upload(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const document = await this.receive(request, UPLOAD, (upload, options) =>
      this.bus.request(StartDocument, saidOf(upload), options),
    );
    await answer(request, reply, document);
  }

  @Answers(UPLOAD_ANEW, 'documents')
  async uploadAnew(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { id } = request.params as { id: string };
    const document = await this.receive(request, UPLOAD_ANEW, (upload, options) => {
      const if_match = readInjected('if_match', request, { id }) as number | undefined;
      return this.bus.request(StartDocumentUpload, { ...saidOf(upload), id, if_match }, options);
    });
    await answer(request, reply, document);
  }

  private receive(
    request: FastifyRequest,
    plan: RoutePlan,
    start: (upload: Upload, options: RequestOptions) => Promise<Document>,
  ): Promise<Document> {
    return this.uploads.receive(request, plan, Object.keys(FIELDS), {
      start,
      append: (piece, options) => this.bus.request(AppendDocumentPiece, piece, options),
      finish: (id, { chunks: pieces, sha256 }, options) =>
        this.bus.request(FinishDocument, { id, pieces, sha256 }, options),
      abandon: (id) => this.bus.request(AbandonDocument, { id }),
    });
  }
}

/** What the form says; what does not fit is for the contract to refuse. */
function saidOf({ fields, fileName }: Upload): agentsMessages.StartDocumentRequest {
  return { ...fields, file_name: fileName };
}

async function answer(request: FastifyRequest, reply: FastifyReply, document: Document): Promise<void> {
  const { org } = request.params as { org: string };
  await reply
    .code(202)
    .header('location', `/v1/orgs/${org}/documents/${document.id}`)
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify(document));
}
