import { type DynamicModule, Module } from '@nestjs/common';
import { AuditController } from './audit/audit.controller.js';
import { ConversationsModule } from './conversations/conversations.module.js';
import { DocumentsModule } from './documents/documents.module.js';
import { MemoryModule } from './memory/memory.module.js';
import type { ModelSource } from './model/model.source.js';
import { ModelsModule } from './model/models.module.js';
import { PersonasModule } from './personas/personas.module.js';
import { PurgeModule } from './purge/purge.module.js';
import { LeaveOrgAloneWhenItIsDeleted } from './reactions/leave-org-alone-when-it-is-deleted.reaction.js';
import { OpenChiefOfStaffWhenOrgIsChanged } from './reactions/open-chief-of-staff-when-org-is-changed.reaction.js';
import { OpenChiefOfStaffWhenOrgIsCreated } from './reactions/open-chief-of-staff-when-org-is-created.reaction.js';
import { RunLogModule } from './runs/run.log.module.js';
import { WorkModule } from './work/work.module.js';

/** The agents service: personas and what they remember, conversations and their runs, documents, the audit log. */
@Module({
  imports: [PersonasModule, MemoryModule, ConversationsModule, DocumentsModule, PurgeModule, WorkModule],
  controllers: [
    AuditController,
    OpenChiefOfStaffWhenOrgIsCreated,
    OpenChiefOfStaffWhenOrgIsChanged,
    LeaveOrgAloneWhenItIsDeleted,
  ],
})
export class AgentsModule {
  /**
   * @param models that personas may have
   * @param secretHex a secret of the service, 64 hex digits
   */
  static over(models: ModelSource, secretHex: string): DynamicModule {
    return { module: AgentsModule, imports: [ModelsModule.of(models), RunLogModule.of(secretHex)] };
  }
}
