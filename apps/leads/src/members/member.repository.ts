import { DomainError, LeadChangedEvent, refusedField, typeOf } from '@apollo/contracts';
import { currentTenant } from '@apollo/tenancy';
import { type Call, call, deletion, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';

/** Members of one organization that a file of leads may name. */
const MOST_MEMBERS = 10_000;

const all = statement<{ id: string }, object>(
  'members',
  `select id from leads.members where org_id = :org and left_at is null order by id limit ${MOST_MEMBERS}`,
);
const held = statement<{ id: string }, { id: string | null }>(
  'hold member',
  'select id from leads.members where org_id = :org and id = :id::uuid and left_at is null for key share',
);
const know = statement<object, { id: string }>(
  'know member',
  `
  insert into leads.members as m (org_id, id, heard_at) values (:org, :id::uuid, now())
  on conflict (org_id, id) do update set heard_at = excluded.heard_at, is_back = m.left_at is not null`,
);
const part = statement<Leaver, { id: string }>(
  'part with member',
  'select id, released, is_back from leads.members where org_id = :org and id = :id::uuid for update',
);
const leave = statement<object, { id: string }>(
  'leave with leads',
  'update leads.members set left_at = now(), is_back = false where org_id = :org and id = :id::uuid',
);
// One that an event or a request holds is met again: the step holds its job, for which that one may wait.
const leaver = statement<Leaver, object>(
  'leaver with leads',
  'select id, released, is_back from leads.members where org_id = :org and left_at is not null order by left_at limit 1 for update skip locked',
);
const leaving = statement<{ id: string }, object>(
  'anybody leaving',
  'select id from leads.members where org_id = :org and left_at is not null limit 1',
);
const count = statement<object, { id: string; leads: number }>(
  'count released leads',
  'update leads.members set released = :leads::int where org_id = :org and id = :id::uuid',
);
const stay = statement<object, { id: string }>(
  'stay after leaving',
  'update leads.members set left_at = null, released = 0, is_back = false where org_id = :org and id = :id::uuid',
);
const forget = statement<{ id: string }, { id: string }>(
  'forget member',
  deletion('leads.members', 'org_id = :org and id = :id::uuid'),
);
const release = statement<{ id: string }, { owner: string; limit: number; request: string; trace: string | null }>(
  'release leads',
  `
  with owned as (
    select l.id from leads.leads l where l.org_id = :org and l.owner_id = :owner::uuid order by l.created_at, l.id limit :limit for update),
  released as (
    update leads.leads l set owner_id = null, updated_at = now(), version = l.version + 1
    from owned o where l.org_id = :org and l.id = o.id returning l.id, l.pipeline_id, l.stage_id, l.version),
  told as (
    insert into leads.activities (org_id, id, lead_id, kind, actor, at, detail)
    select :org, uuidv7(), r.id, 'owner_changed', :actor, now(), jsonb_build_object('from', :owner::text, 'to', null) from released r)
  select r.id, leads.write_event('${typeOf(LeadChangedEvent)}', r.id, :actor, null, :request, :trace,
    jsonb_build_object('pipeline_id', r.pipeline_id, 'stage_id', r.stage_id, 'owner_id', null, 'version', r.version)::text) from released r`,
);

/** Somebody who left. */
export interface Leaver {
  readonly id: string;
  /** Leads of theirs that nobody owns any more. */
  readonly released: number;
  /** Whether they have joined again. */
  readonly is_back: boolean;
}

/** The refusal of an owner who is none of the organization's people. */
export function notAMember(): DomainError {
  return refusedField('owner_id', 'is no member of the organization');
}

/** The members of the acting organization, and what they own. */
@Injectable()
export class MemberRepository {
  constructor(private readonly database: TenantDatabase) {}

  async all(): Promise<ReadonlySet<string>> {
    return new Set((await this.database.query(all, {})).map(({ id }) => id));
  }

  /** A call that gives one row for a member, who cannot leave until the transaction ends; none for nobody. */
  heldCall(id: string | null): Call<{ id: string }> {
    return call(held, { id });
  }

  async know(id: string): Promise<void> {
    await this.database.query(know, { id });
  }

  /** Locks the member: whoever would make it the owner of something waits. Undefined for nobody. */
  async part(id: string): Promise<Leaver | undefined> {
    const [member] = await this.database.query(part, { id });
    return member;
  }

  /** From now on a member is made the owner of nothing. */
  async leave(id: string): Promise<void> {
    await this.database.query(leave, { id });
  }

  /** Locks whoever left first and may own leads. */
  async leaver(): Promise<Leaver | undefined> {
    const [first] = await this.database.query(leaver, {});
    return first;
  }

  /** Whether somebody left who may own leads, as far as that is committed. */
  async isAnybodyLeaving(): Promise<boolean> {
    return (await this.database.query(leaving, {})).length > 0;
  }

  /** Notes how many leads a leaver was released of so far. */
  async count(id: string, leads: number): Promise<void> {
    await this.database.query(count, { id, leads });
  }

  /** Has somebody who left and joined again be a member as any other. */
  async stay(id: string): Promise<void> {
    await this.database.query(stay, { id });
  }

  /** Takes a leaver's oldest leads away, at most so many, each with an entry in its history and its event. @returns how many */
  async release(owner: string, limit: number): Promise<number> {
    const { requestId, trace = null } = currentTenant();
    return (await this.database.query(release, { owner, limit, request: requestId, trace })).length;
  }

  async forget(id: string): Promise<void> {
    await this.database.query(forget, { id });
  }
}
