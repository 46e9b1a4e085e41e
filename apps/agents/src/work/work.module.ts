import { GrantReader, OrgStandings } from '@apollo/messaging';
import { LOGGER, type Logger } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { DelegationPermit, JobRunner, Jobs } from '@apollo/work';
import { Module } from '@nestjs/common';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { DocumentsModule } from '../documents/documents.module.js';
import { DocumentHandler } from '../documents/work/document.handler.js';
import { AT_WORK, AT_WORK_OF_ORG } from '../runs/run.limits.js';
import { RunHandler } from '../runs/work/run.handler.js';
import { JobsModule } from './jobs.module.js';

/** Does what was to be done later. */
@Module({
  imports: [JobsModule, ConversationsModule, DocumentsModule],
  providers: [
    {
      provide: JobRunner,
      inject: [TenantDatabase, Jobs, RunHandler, DocumentHandler, OrgStandings, GrantReader, LOGGER],
      useFactory: (
        database: TenantDatabase,
        jobs: Jobs,
        runs: RunHandler,
        documents: DocumentHandler,
        standings: OrgStandings,
        grants: GrantReader,
        logger: Logger,
      ) =>
        new JobRunner({
          service: 'agents',
          places: AT_WORK,
          placesOfOrg: AT_WORK_OF_ORG,
          database,
          jobs,
          handlers: [runs, documents],
          permit: new DelegationPermit('agents', standings, grants),
          logger,
        }),
    },
  ],
})
export class WorkModule {}
