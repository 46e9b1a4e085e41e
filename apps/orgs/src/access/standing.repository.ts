import { DomainError, type Role } from '@apollo/contracts';
import { call, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { memberColumns, type MemberRow } from '../members/member.repository.js';
import { findOrg, type OrgRow, orgStatus } from '../orgs/org.repository.js';

/* One statement: every service asks this of everybody it acts for, again and again. */
const standing = statement<Pick<OrgRow, 'status' | 'mfa_required'> & { role: Role | null }, { id: string }>(
  'standing of person',
  `
  select ${orgStatus} as status, o.mfa_required, m.role
  from orgs.organizations o left join orgs.members m on m.org_id = :org and m.id = :id
  where o.org_id = :org and o.id = :org`,
);
const lockOrg = statement<{ id: string }>(
  'lock org',
  'select id from orgs.organizations where org_id = :org and id = :org for update',
);
const member = statement<MemberRow, { id: string | null }>(
  'standing of member',
  `select ${memberColumns} from orgs.members where org_id = :org and id = :id`,
);
const actor = statement<MemberRow>(
  'standing of actor',
  `select ${memberColumns} from orgs.members where org_id = :org and id = :actor`,
);
const countOwners = statement<{ owners: number }>(
  'count owners',
  "select count(*)::int as owners from orgs.members where org_id = :org and role = 'owner'",
);

/** The organization and who stands where in it, as of a lock that every change of members takes first. */
export interface Standing {
  readonly org: OrgRow;
  /** The acting person's role now, whatever the request's token says. */
  readonly role: Role;
  /** The member asked for, if there is one. */
  readonly target: MemberRow | undefined;
  readonly owners: number;
}

/** Takes the lock that makes changes of one organization's members follow each other. */
@Injectable()
export class StandingRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** The acting organization as it stands, and a person's role there; null for who is no member. */
  async find(person: string): Promise<Pick<OrgRow, 'status' | 'mfa_required'> & { role: Role | null }> {
    const [row] = await this.database.query(standing, { id: person });
    return row ?? { status: 'deleted', mfa_required: false, role: null };
  }

  /**
   * Locks the organization's row until the open transaction ends, and reads what may be decided upon. Statements after
   * the lock see everything that was committed before it was granted.
   *
   * @param target the member the change is about
   * @throws DomainError `org_not_found` also when the acting person is no member any more, `org_suspended`
   */
  async lock(target: string | null = null): Promise<Standing> {
    const [, [found], [acting], [affected], [counted]] = await this.database.batch([
      call(lockOrg, {}),
      call(findOrg, {}),
      call(actor, {}),
      call(member, { id: target }),
      call(countOwners, {}),
    ]);
    const org = opened(found);
    if (!acting) throw new DomainError('org_not_found');
    return { org, role: acting.role, target: affected, owners: counted?.owners ?? 0 };
  }

  /** Locks the organization for somebody who is no member yet: a person about to join. */
  async lockOrg(): Promise<OrgRow | undefined> {
    const [, [org]] = await this.database.batch([call(lockOrg, {}), call(findOrg, {})]);
    return org;
  }
}

/** @throws DomainError `org_not_found` for a deleted organization, `org_suspended` */
export function opened(org: OrgRow | undefined): OrgRow {
  if (!org || org.status === 'deleted') throw new DomainError('org_not_found');
  if (org.status === 'suspended') throw new DomainError('org_suspended');
  return org;
}
