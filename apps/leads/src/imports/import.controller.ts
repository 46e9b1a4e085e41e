import {
  AbandonImport,
  AppendImportChunk,
  ContinueImport,
  type Done,
  FinishImport,
  GetImport,
  leadsMessages,
  ListImportChanges,
  ListImportErrors,
  ListImports,
  Page,
  PreviewImport,
  StartImport,
  UndoImport,
} from '@apollo/contracts';
import { Handles, Prepares } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ImportReports } from './import.reports.js';
import { ImportPreviewer } from './plan/import.preview.js';
import { SavedMappingService } from './saved/saved.mapping.service.js';
import { type FileDigest, ImportUpload } from './import.upload.js';

@Controller()
export class ImportController {
  constructor(
    private readonly upload: ImportUpload,
    private readonly reports: ImportReports,
    private readonly previewer: ImportPreviewer,
    private readonly mappings: SavedMappingService,
  ) {}

  @Handles(PreviewImport)
  async preview(@Payload() request: leadsMessages.PreviewImportRequest): Promise<leadsMessages.ImportPreview> {
    return this.previewer.preview(await this.mappings.complete(request));
  }

  @Handles(StartImport)
  async start(@Payload() request: leadsMessages.StartImportRequest): Promise<leadsMessages.LeadImport> {
    return this.upload.start(await this.mappings.complete(request));
  }

  @Handles(AppendImportChunk)
  async append(@Payload() request: leadsMessages.ImportChunkRequest): Promise<Done> {
    await this.upload.append(request);
    return { done: true };
  }

  @Prepares(FinishImport)
  digest(@Payload() request: leadsMessages.FinishImportRequest): Promise<FileDigest> {
    return this.upload.digest(request.id);
  }

  @Handles(FinishImport)
  finish(
    @Payload() request: leadsMessages.FinishImportRequest,
    @Ctx() digest: FileDigest,
  ): Promise<leadsMessages.LeadImport> {
    return this.upload.finish(request, digest);
  }

  @Handles(AbandonImport)
  async abandon(@Payload() request: leadsMessages.ObjectRequest): Promise<Done> {
    await this.upload.abandon(request.id);
    return { done: true };
  }

  @Handles(UndoImport)
  undo(@Payload() request: leadsMessages.ObjectRequest): Promise<leadsMessages.LeadImport> {
    return this.upload.undo(request.id);
  }

  @Handles(ContinueImport)
  continue(@Payload() request: leadsMessages.ObjectRequest): Promise<leadsMessages.LeadImport> {
    return this.upload.continue(request.id);
  }

  @Handles(GetImport)
  get(@Payload() request: leadsMessages.ObjectRequest): Promise<leadsMessages.LeadImport> {
    return this.reports.get(request.id);
  }

  @Handles(ListImports)
  list(@Payload() request: Page): Promise<leadsMessages.LeadImportList> {
    return this.reports.list(request);
  }

  @Handles(ListImportChanges)
  changes(@Payload() request: leadsMessages.ListImportChangesRequest): Promise<leadsMessages.ImportChangeList> {
    return this.reports.changes(request);
  }

  @Handles(ListImportErrors)
  errors(@Payload() request: leadsMessages.ListImportErrorsRequest): Promise<leadsMessages.ImportErrorList> {
    return this.reports.errors(request);
  }
}
