import { Module } from '@nestjs/common';
import { AmountsModule } from '../amounts/amounts.module.js';
import { FieldsModule } from '../fields/fields.module.js';
import { PipelinesModule } from '../pipelines/pipelines.module.js';
import { MembersModule } from '../members/members.module.js';
import { JobsModule } from '../work/jobs.module.js';
import { FileQueue } from './file.queue.js';
import { ImportController } from './import.controller.js';
import { ImportDestination } from './import.destination.js';
import { ImportProgress } from './import.progress.js';
import { ImportReports } from './import.reports.js';
import { ImportRepository } from './import.repository.js';
import { ImportUpload } from './import.upload.js';
import { ImportPlanner } from './plan/import.planner.js';
import { ImportPreviewer } from './plan/import.preview.js';
import { KeptField } from './rows/kept.field.js';
import { ReferenceRepository } from './rows/reference.repository.js';
import { RowRepository } from './rows/row.repository.js';
import { SavedMappingController } from './saved/saved.mapping.controller.js';
import { SavedMappingRepository } from './saved/saved.mapping.repository.js';
import { SavedMappingService } from './saved/saved.mapping.service.js';
import { ImportEnding } from './work/import.ending.js';
import { ImportHandler } from './work/import.handler.js';
import { ImportUndoer } from './work/import.undoer.js';
import { UndoRepository } from './work/undo.repository.js';
import { ImportWorker } from './work/import.worker.js';
import { ImportWriter } from './work/import.writer.js';
import { WorkRepository } from './work/work.repository.js';

/** Lead imports: files in chunks, mapped, checked row by row. */
@Module({
  imports: [AmountsModule, JobsModule, PipelinesModule, FieldsModule, MembersModule],
  controllers: [ImportController, SavedMappingController],
  providers: [
    ImportRepository,
    WorkRepository,
    RowRepository,
    ReferenceRepository,
    KeptField,
    FileQueue,
    ImportPlanner,
    ImportPreviewer,
    ImportDestination,
    SavedMappingRepository,
    SavedMappingService,
    ImportUpload,
    ImportReports,
    ImportProgress,
    ImportWorker,
    ImportWriter,
    ImportUndoer,
    UndoRepository,
    ImportEnding,
    ImportHandler,
  ],
  exports: [ImportHandler],
})
export class ImportsModule {}
