import { Module } from '@nestjs/common';
import { AuditController } from './audit/audit.controller.js';
import { MemoryModule } from './memory/memory.module.js';
import { PersonasModule } from './personas/personas.module.js';
import { PurgeModule } from './purge/purge.module.js';
import { LeaveOrgAloneWhenItIsDeleted } from './reactions/leave-org-alone-when-it-is-deleted.reaction.js';
import { OpenChiefOfStaffWhenOrgIsChanged } from './reactions/open-chief-of-staff-when-org-is-changed.reaction.js';
import { OpenChiefOfStaffWhenOrgIsCreated } from './reactions/open-chief-of-staff-when-org-is-created.reaction.js';

/** The agents service: personas, their versions and what they remember, the audit log of all of them. */
@Module({
  imports: [PersonasModule, MemoryModule, PurgeModule],
  controllers: [
    AuditController,
    OpenChiefOfStaffWhenOrgIsCreated,
    OpenChiefOfStaffWhenOrgIsChanged,
    LeaveOrgAloneWhenItIsDeleted,
  ],
})
export class AgentsModule {}
