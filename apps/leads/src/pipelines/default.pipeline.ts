import { type Clock, CLOCK, newId } from '@apollo/tenancy';
import { AuditTrail } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Inject, Injectable } from '@nestjs/common';
import { PipelineRepository } from './pipeline.repository.js';

/** The pipeline every organization has from its first need of one. */
@Injectable()
export class DefaultPipeline {
  constructor(
    private readonly database: TenantDatabase,
    private readonly pipelines: PipelineRepository,
    private readonly audit: AuditTrail,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Makes the default pipeline of the acting organization unless it has one. Safe to call at any time, by many at once. */
  async ensure(): Promise<void> {
    await this.database.transaction(async () => {
      const id = newId();
      if (await this.pipelines.create({ id, name: 'Sales', is_default: true, at: this.clock() })) {
        await this.audit.done('leads.default-pipeline-created', id);
      }
    });
  }
}
