import { TablePurger } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Module } from '@nestjs/common';
import { leadsPurge } from './purge.plan.js';
import { PurgeController } from './purge.controller.js';

/** What becomes of leads when their organization is gone. */
@Module({
  controllers: [PurgeController],
  providers: [
    {
      provide: TablePurger,
      inject: [TenantDatabase],
      useFactory: (database: TenantDatabase) => new TablePurger(database, 'leads', leadsPurge),
    },
  ],
})
export class PurgeModule {}
