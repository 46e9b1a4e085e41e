import { Module } from '@nestjs/common';
import { ClaimWatch } from '../runs/work/claim.watch.js';
import { JobsModule } from '../work/jobs.module.js';
import { DocumentController } from './document.controller.js';
import { DocumentRepository } from './document.repository.js';
import { DocumentService } from './document.service.js';
import { DocumentUpload } from './document.upload.js';
import { ExtractionRunner } from './extraction/extraction.runner.js';
import { PassageRepository } from './passage.repository.js';
import { DocumentEnding } from './work/document.ending.js';
import { DocumentHandler } from './work/document.handler.js';
import { DocumentReader } from './work/document.reader.js';
import { DocumentWorker } from './work/document.worker.js';
import { WorkRepository } from './work/work.repository.js';

/** Documents of the organization: their upload, their text, and what is found in it. */
@Module({
  imports: [JobsModule],
  controllers: [DocumentController],
  providers: [
    DocumentRepository,
    PassageRepository,
    DocumentService,
    DocumentUpload,
    ExtractionRunner,
    ClaimWatch,
    WorkRepository,
    DocumentReader,
    DocumentWorker,
    DocumentEnding,
    DocumentHandler,
  ],
  exports: [DocumentHandler, DocumentService],
})
export class DocumentsModule {}
