import { Module } from '@nestjs/common';
import { AuditController } from './audit/audit.controller.js';
import { ImportsModule } from './imports/imports.module.js';
import { LeadModule } from './leads/lead.module.js';
import { FollowMemberWhenItIsChanged } from './reactions/follow-member-when-it-is-changed.reaction.js';
import { KnowMemberWhenItJoined } from './reactions/know-member-when-it-joined.reaction.js';
import { ReleaseLeadsWhenMemberIsGone } from './reactions/release-leads-when-member-is-gone.reaction.js';
import { MembersModule } from './members/members.module.js';
import { PurgeModule } from './purge/purge.module.js';
import { WorkModule } from './work/work.module.js';

/** The leads service: pipelines, custom fields, leads and their history, imports, the audit log of all of them. */
@Module({
  imports: [LeadModule, ImportsModule, MembersModule, PurgeModule, WorkModule],
  controllers: [AuditController, KnowMemberWhenItJoined, FollowMemberWhenItIsChanged, ReleaseLeadsWhenMemberIsGone],
})
export class LeadsModule {}
