import { TablePurger } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Module } from '@nestjs/common';
import { agentsPurge } from './purge.plan.js';
import { PurgeController } from './purge.controller.js';

/** What becomes of personas when their organization is gone. */
@Module({
  controllers: [PurgeController],
  providers: [
    {
      provide: TablePurger,
      inject: [TenantDatabase],
      useFactory: (database: TenantDatabase) => new TablePurger(database, 'agents', agentsPurge),
    },
  ],
})
export class PurgeModule {}
