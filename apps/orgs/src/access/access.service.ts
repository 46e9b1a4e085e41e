import { CountSignOuts, DomainError, type orgsMessages } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { Injectable } from '@nestjs/common';
import { DirectoryRepository } from '../directory/directory.repository.js';
import { askOfPerson } from './org.context.js';
import { NonMemberLog } from './non.member.log.js';
import { StandingRepository } from './standing.repository.js';

/** Changes of one answer; see `AccessChanges`. */
const CHANGES_AT_MOST = 1_000;

/** Who gets in where. */
@Injectable()
export class AccessService {
  constructor(
    private readonly directory: DirectoryRepository,
    private readonly standings: StandingRepository,
    private readonly nonMembers: NonMemberLog,
    private readonly bus: Bus,
  ) {}

  /**
   * @throws DomainError `org_not_found`, the same for no organization, a deleted one and one the person is no member of
   */
  async resolve({ slug, user_id: person }: orgsMessages.AccessRequest): Promise<orgsMessages.Access> {
    const { place, membership } = await this.directory.access(slug, person);
    if (!place || !membership || place.status === 'deleted') {
      if (place && place.status !== 'deleted') this.nonMembers.note(place, person);
      throw new DomainError('org_not_found');
    }
    return {
      org_id: place.org_id,
      role: membership.role,
      status: place.status,
      mfa_required: place.mfa_required,
      membership_version: membership.version,
    };
  }

  /** What changed in anybody's access since `mark`, and the mark to ask with next. */
  async changes({ mark }: orgsMessages.AccessChangesRequest): Promise<orgsMessages.AccessChanges> {
    const rows = await this.directory.changesSince(mark ?? null);
    const changes = rows.filter((row) => row.org_id !== null) as unknown as orgsMessages.ChangedAccess[];
    const items = changes
      .slice(0, CHANGES_AT_MOST)
      .map((change) => ({ org_id: change.org_id, user_id: change.user_id }));
    return { mark: rows[0]?.next_mark ?? '0', items, complete: changes.length <= CHANGES_AT_MOST };
  }

  /**
   * Where somebody stands in the acting organization, also in one that is suspended or deleted. Of a member, identity
   * is asked how often they were signed out: without its answer there is none.
   */
  async standing({ user_id: id }: orgsMessages.MemberRequest): Promise<orgsMessages.Standing> {
    const { status, role, mfa_required } = await this.standings.find(id);
    if (role === null) return { status, role };
    const { sign_outs } = await askOfPerson(() => this.bus.request(CountSignOuts, { id }));
    return { status, role, sign_outs, mfa_required };
  }
}
