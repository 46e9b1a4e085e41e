import { DomainError, type orgsMessages, type Role } from '@apollo/contracts';
import { mayAs, pageOf } from '@apollo/messaging';
import { AuditTrail, CursorCodec } from '@apollo/service-kit';
import { currentTenant } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { StandingRepository } from '../access/standing.repository.js';
import { MemberAnnouncer } from './member.announcer.js';
import { memberOf, type MemberPosition, MemberRepository } from './member.repository.js';
import { changeProblem, leavingProblem } from './member.rules.js';

/**
 * The acting organization's members: every decision is made under the organization's lock, on the roles of that moment.
 */
@Injectable()
export class MemberService {
  constructor(
    private readonly members: MemberRepository,
    private readonly standing: StandingRepository,
    private readonly audit: AuditTrail,
    private readonly announcer: MemberAnnouncer,
    private readonly cursors: CursorCodec,
  ) {}

  async list({ cursor, limit = 50 }: { cursor?: string; limit?: number }): Promise<orgsMessages.MemberList> {
    const after = cursor ? this.cursors.open<MemberPosition>('members', {}, cursor) : null;
    const rows = await this.members.page(after, limit + 1);
    const { items, last } = pageOf(rows.map(memberOf), limit);
    return {
      items,
      next_cursor: last
        ? this.cursors.seal('members', {}, { at: last.joined_at, id: last.user_id } satisfies MemberPosition)
        : null,
    };
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<orgsMessages.Member> {
    const row = await this.members.find(id);
    if (!row) throw new DomainError('not_found');
    return memberOf(row);
  }

  /** @throws DomainError `not_found`, `forbidden`, `owner_required`, `last_owner`, `etag_mismatch` */
  async changeRole({ user_id: id, role, if_match }: orgsMessages.ChangeRoleRequest): Promise<orgsMessages.Member> {
    const to = role as Role;
    const { role: by, target, owners } = await this.standing.lock(id);
    if (!target) throw new DomainError('not_found');
    const problem = changeProblem({ by, from: target.role, to, owners }, mayAs);
    if (problem) throw new DomainError(problem);
    if (if_match !== undefined && if_match !== target.version) throw new DomainError('etag_mismatch');
    if (to === target.role) return memberOf(target);
    const changed = await this.members.setRole(id, to);
    await this.audit.done('member.role-changed', id, { from: target.role, to });
    await this.announcer.changed(id, to);
    return memberOf(changed);
  }

  /** @throws DomainError `not_found`, `forbidden`, `owner_required`, `last_owner`, `etag_mismatch` */
  async remove({ user_id: id, if_match }: orgsMessages.RemoveMemberRequest): Promise<{ done: boolean }> {
    const { role: by, target, owners } = await this.standing.lock(id);
    if (!target) throw new DomainError('not_found');
    const problem = changeProblem({ by, from: target.role, to: null, owners }, mayAs);
    if (problem) throw new DomainError(problem);
    if (if_match !== undefined && if_match !== target.version) throw new DomainError('etag_mismatch');
    return this.goes(id, 'member.removed', target.role);
  }

  /** @throws DomainError `last_owner` */
  async leave(): Promise<{ done: boolean }> {
    const { role, owners } = await this.standing.lock();
    const problem = leavingProblem(role, owners);
    if (problem) throw new DomainError(problem);
    return this.goes(currentTenant().actor, 'member.left', role);
  }

  private async goes(id: string, action: string, role: string): Promise<{ done: boolean }> {
    await this.members.remove(id);
    await this.audit.done(action, id, { role });
    await this.announcer.gone(id);
    return { done: true };
  }
}
