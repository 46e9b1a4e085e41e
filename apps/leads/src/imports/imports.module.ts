import { Module } from '@nestjs/common';
import { FieldsModule } from '../fields/fields.module.js';
import { PipelinesModule } from '../pipelines/pipelines.module.js';
import { MembersModule } from '../members/members.module.js';
import { ImportController } from './import.controller.js';
import { ImportDestination } from './import.destination.js';
import { ImportReports } from './import.reports.js';
import { ImportRepository } from './import.repository.js';
import { ImportUpload } from './import.upload.js';
import { ImportPlanner } from './plan/import.planner.js';
import { ImportPreviewer } from './plan/import.preview.js';
import { KeptField } from './rows/kept.field.js';
import { PlaceRepository } from './rows/place.repository.js';
import { RowRepository } from './rows/row.repository.js';
import { SavedMappingController } from './saved/saved.mapping.controller.js';
import { SavedMappingRepository } from './saved/saved.mapping.repository.js';
import { SavedMappingService } from './saved/saved.mapping.service.js';
import { ClaimRepository } from './work/claim.repository.js';
import { ImportCrew } from './work/import.crew.js';
import { ImportEnding } from './work/import.ending.js';
import { ImportScheduler } from './work/import.scheduler.js';
import { ImportUndoer } from './work/import.undoer.js';
import { UndoRepository } from './work/undo.repository.js';
import { ImportWorker } from './work/import.worker.js';
import { ImportWriter } from './work/import.writer.js';

/** Lead imports: files in chunks, mapped, checked row by row. */
@Module({
  imports: [PipelinesModule, FieldsModule, MembersModule],
  controllers: [ImportController, SavedMappingController],
  providers: [
    ImportRepository,
    ClaimRepository,
    RowRepository,
    PlaceRepository,
    KeptField,
    ImportPlanner,
    ImportPreviewer,
    ImportDestination,
    SavedMappingRepository,
    SavedMappingService,
    ImportUpload,
    ImportReports,
    ImportWorker,
    ImportWriter,
    ImportUndoer,
    UndoRepository,
    ImportEnding,
    ImportCrew,
    ImportScheduler,
  ],
})
export class ImportsModule {}
