import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Jobs } from '@apollo/work';
import { Module } from '@nestjs/common';

/** What is to be done later, as rows. */
@Module({
  providers: [
    { provide: Jobs, inject: [TenantDatabase], useFactory: (database: TenantDatabase) => new Jobs(database, 'agents') },
  ],
  exports: [Jobs],
})
export class JobsModule {}
