import type { orgsMessages, Role } from '@apollo/contracts';
import { deletion, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';

/** A row of `orgs.members`; the id is the person's. */
export interface MemberRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly joined_at: Date;
  readonly version: number;
}

/** Somebody who becomes a member. */
export interface NewMember {
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly now: Date;
}

/** Where a page of members starts: after this one. */
export interface MemberPosition {
  readonly at: string;
  readonly id: string;
}

export const memberColumns = 'id, email, name, role, joined_at, version';

const find = statement<MemberRow, { id: string }>(
  'find member',
  `select ${memberColumns} from orgs.members where org_id = :org and id = :id`,
);
const findByEmail = statement<MemberRow, { email: string }>(
  'find member by address',
  `select ${memberColumns} from orgs.members where org_id = :org and email = :email limit 1`,
);
const page = statement<MemberRow, { at: string | null; after: string | null; limit: number }>(
  'member page',
  `select ${memberColumns} from orgs.members where org_id = :org and (:at::timestamptz is null or (joined_at, id) > (:at::timestamptz, :after::uuid))
   order by joined_at, id limit :limit`,
);
const insert = statement<object, NewMember>(
  'insert member',
  'insert into orgs.members (org_id, id, email, name, role, joined_at) values (:org, :id, :email, :name, :role, :now)',
);
const setRole = statement<MemberRow, { id: string; role: Role }>(
  'set role',
  `update orgs.members set role = :role, version = version + 1 where org_id = :org and id = :id returning ${memberColumns}`,
);
const remove = statement<object, { id: string }>(
  'remove member',
  deletion('orgs.members', 'org_id = :org and id = :id'),
);

/** The acting organization's members; their rows in the directory follow from them. */
@Injectable()
export class MemberRepository {
  constructor(private readonly database: TenantDatabase) {}

  async find(id: string): Promise<MemberRow | undefined> {
    return (await this.database.query(find, { id }))[0];
  }

  /** @param email in lower case */
  async findByEmail(email: string): Promise<MemberRow | undefined> {
    return (await this.database.query(findByEmail, { email }))[0];
  }

  /** At most `limit` members in the order they joined. */
  async page(after: MemberPosition | null, limit: number): Promise<MemberRow[]> {
    return this.database.query(page, { at: after?.at ?? null, after: after?.id ?? null, limit });
  }

  /** @throws a unique violation of `members_pkey` for a member */
  async insert(member: NewMember): Promise<void> {
    await this.database.query(insert, member);
  }

  async setRole(id: string, role: Role): Promise<MemberRow> {
    const [row] = await this.database.query(setRole, { id, role });
    return row as MemberRow;
  }

  async remove(id: string): Promise<void> {
    await this.database.query(remove, { id });
  }
}

/** The row as the contracts tell it. */
export function memberOf({ id, joined_at, ...rest }: MemberRow): orgsMessages.Member {
  return { user_id: id, ...rest, joined_at: joined_at.toISOString() };
}
