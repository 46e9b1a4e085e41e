import {
  AbandonDocument,
  agentsMessages,
  AppendDocumentPiece,
  DeleteDocument,
  type Done,
  FinishDocument,
  GetDocument,
  ListDocuments,
  Page,
  ReadDocumentPage,
  SearchDocuments,
  StartDocument,
  StartDocumentUpload,
} from '@apollo/contracts';
import { Handles, Prepares } from '@apollo/messaging';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { DocumentService } from './document.service.js';
import { DocumentUpload, type FileDigest } from './document.upload.js';

@Controller()
export class DocumentController {
  constructor(
    private readonly documents: DocumentService,
    private readonly uploads: DocumentUpload,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handles(ListDocuments)
  list(@Payload() request: Page): Promise<agentsMessages.DocumentList> {
    return this.documents.list(request);
  }

  @Handles(GetDocument)
  get(@Payload() { id }: agentsMessages.DocumentRequest): Promise<agentsMessages.Document> {
    return this.documents.get(id);
  }

  @Handles(StartDocument)
  start(@Payload() request: agentsMessages.StartDocumentRequest): Promise<agentsMessages.Document> {
    return this.uploads.start(request, this.clock());
  }

  @Handles(StartDocumentUpload)
  startAnew(@Payload() request: agentsMessages.StartDocumentUploadRequest): Promise<agentsMessages.Document> {
    return this.uploads.startAnew(request, this.clock());
  }

  @Handles(AppendDocumentPiece)
  async append(@Payload() request: agentsMessages.DocumentPieceRequest): Promise<Done> {
    await this.uploads.append(request);
    return { done: true };
  }

  @Prepares(FinishDocument)
  digest(@Payload() { id }: agentsMessages.FinishDocumentRequest): Promise<FileDigest> {
    return this.uploads.digest(id);
  }

  @Handles(FinishDocument)
  finish(
    @Payload() request: agentsMessages.FinishDocumentRequest,
    @Ctx() digest: FileDigest,
  ): Promise<agentsMessages.Document> {
    return this.uploads.finish(request, digest);
  }

  @Handles(AbandonDocument)
  async abandon(@Payload() { id }: agentsMessages.DocumentRequest): Promise<Done> {
    await this.uploads.abandon(id);
    return { done: true };
  }

  @Handles(DeleteDocument)
  async remove(@Payload() request: agentsMessages.VersionedDocumentRequest): Promise<Done> {
    await this.documents.remove(request);
    return { done: true };
  }

  @Handles(ReadDocumentPage)
  page(@Payload() request: agentsMessages.DocumentPageRequest): Promise<agentsMessages.DocumentPage> {
    return this.documents.page(request);
  }

  @Handles(SearchDocuments)
  search(@Payload() request: agentsMessages.SearchDocumentsRequest): Promise<agentsMessages.FoundPassages> {
    return this.documents.search(request);
  }
}
