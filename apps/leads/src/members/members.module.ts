import { Module } from '@nestjs/common';
import { JobsModule } from '../work/jobs.module.js';
import { LeaverHandler } from './leaver.handler.js';
import { MemberRepository } from './member.repository.js';
import { MemberService } from './member.service.js';

/** Who may own leads. */
@Module({
  imports: [JobsModule],
  providers: [MemberRepository, MemberService, LeaverHandler],
  exports: [MemberRepository, MemberService, LeaverHandler],
})
export class MembersModule {}
