import { Module } from '@nestjs/common';
import { AmountsModule } from '../amounts/amounts.module.js';
import { ActivitiesModule } from '../activities/activities.module.js';
import { FieldsModule } from '../fields/fields.module.js';
import { MembersModule } from '../members/members.module.js';
import { PipelinesModule } from '../pipelines/pipelines.module.js';
import { LeadController } from './lead.controller.js';
import { LeadList } from './lead.list.js';
import { LeadRepository } from './lead.repository.js';
import { LeadService } from './lead.service.js';

/** Leads themselves. */
@Module({
  imports: [ActivitiesModule, AmountsModule, FieldsModule, MembersModule, PipelinesModule],
  controllers: [LeadController],
  providers: [LeadRepository, LeadService, LeadList],
})
export class LeadModule {}
