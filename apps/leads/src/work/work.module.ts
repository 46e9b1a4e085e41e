import { GrantReader, OrgStandings } from '@apollo/messaging';
import { LOGGER, type Logger } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { DelegationPermit, JobRunner, Jobs } from '@apollo/work';
import { Module } from '@nestjs/common';
import { AT_WORK } from '../imports/import.limits.js';
import { ImportsModule } from '../imports/imports.module.js';
import { ImportHandler } from '../imports/work/import.handler.js';
import { LeaverHandler } from '../members/leaver.handler.js';
import { MembersModule } from '../members/members.module.js';
import { JobsModule } from './jobs.module.js';

/** Does what was to be done later. */
@Module({
  imports: [JobsModule, ImportsModule, MembersModule],
  providers: [
    {
      provide: JobRunner,
      inject: [TenantDatabase, Jobs, ImportHandler, LeaverHandler, OrgStandings, GrantReader, LOGGER],
      useFactory: (
        database: TenantDatabase,
        jobs: Jobs,
        imports: ImportHandler,
        leavers: LeaverHandler,
        standings: OrgStandings,
        grants: GrantReader,
        logger: Logger,
      ) =>
        new JobRunner({
          service: 'leads',
          places: AT_WORK,
          database,
          jobs,
          handlers: [imports, leavers],
          permit: new DelegationPermit('leads', standings, grants),
          logger,
        }),
    },
  ],
})
export class WorkModule {}
