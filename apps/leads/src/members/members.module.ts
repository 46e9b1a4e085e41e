import { Module } from '@nestjs/common';
import { MemberRepository } from './member.repository.js';
import { MemberService } from './member.service.js';

/** Who may own leads. */
@Module({ providers: [MemberRepository, MemberService], exports: [MemberRepository, MemberService] })
export class MembersModule {}
