import { DomainError, type orgsMessages, type Page, type Role } from '@apollo/contracts';
import { mayAs } from '@apollo/messaging';
import { assertVersion, AuditTrail, CursorCodec } from '@apollo/service-kit';
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

  list(request: Page): Promise<orgsMessages.MemberList> {
    return this.cursors.page(
      'members',
      request,
      async (after: MemberPosition | undefined, limit) => (await this.members.page(after ?? null, limit)).map(memberOf),
      ({ joined_at, user_id }) => ({ at: joined_at, id: user_id }),
    );
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
    assertVersion(target.version, if_match);
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
    assertVersion(target.version, if_match);
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
