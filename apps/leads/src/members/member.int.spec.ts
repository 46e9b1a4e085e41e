import {
  CreateLead,
  DomainError,
  GetLead,
  ListActivities,
  ListLeads,
  ListLeadsAuditLog,
  UpdateLead,
  type leadsMessages,
} from '@apollo/contracts';
import { Outbox } from '@apollo/messaging';
import { AuditTrail, CursorCodec } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import { statement } from '@apollo/tenancy/postgres';
import { type TestOrg, twoOrgs, until } from '@apollo/testing';
import { Jobs } from '@apollo/work';
import { type LeadsWorld, leadsWorld } from '../leads.world.spec.js';
import { MemberRepository } from './member.repository.js';
import { MemberService } from './member.service.js';

const owning = statement<object, { id: string; owner: string }>(
  'own lead',
  'update leads.leads set owner_id = :owner::uuid where org_id = :org and id = :id::uuid',
);

/** Who acts while an event of orgs is handled. */
const ORGS = { actor: 'system:orgs', role: 'system' } as const;

describe('members', () => {
  const [a, b] = twoOrgs();
  let world: LeadsWorld;
  let members: MemberService;
  const joins = (org: TestOrg, id: string) => org.as(() => members.know(id), ORGS);
  const leaves = (org: TestOrg, id: string) => org.as(() => members.release(id), ORGS);
  const lead = (org: TestOrg, owner_id?: string): Promise<leadsMessages.Lead> =>
    world.ask(org, CreateLead, { contact_name: 'Ada', owner_id });

  beforeAll(async () => {
    world = await leadsWorld();
    const { database, tagKey } = world.test;
    members = new MemberService(
      database,
      new MemberRepository(database),
      new Jobs(database, 'leads'),
      new AuditTrail(database, new CursorCodec(tagKey), 'leads'),
      new Outbox(database, 'leads', () => undefined),
    );
  });
  afterAll(() => world.stop());

  it('own leads from when they joined, however often that is told', async () => {
    const member = newId();
    await expect(lead(a, member)).rejects.toThrow(DomainError);
    await joins(a, member);
    await joins(a, member);
    expect((await lead(a, member)).owner_id).toBe(member);
    await expect(lead(b, member)).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('that leave own nothing any more: each lead, its history, its event and the audit log say so', async () => {
    const [leaver, other] = [newId(), newId()];
    for (const org of [a, b]) await joins(org, leaver);
    await joins(a, other);
    const [left, kept, elsewhere] = [await lead(a, leaver), await lead(a, other), await lead(b, leaver)];
    await leaves(a, leaver);
    const now = await world.ask(a, GetLead, { id: left.id });
    expect(now).toEqual({ ...left, owner_id: null, version: 2, updated_at: now.updated_at });
    expect((await world.ask(a, ListActivities, { id: left.id })).items[0]).toMatchObject({
      kind: 'owner_changed',
      actor: 'system:orgs',
      detail: { from: leaver, to: null },
    });
    expect(
      await world.test.admin(
        "select body::jsonb as told, actor from leads.outbox where entity_id = $1 and type = 'leads.lead.changed.v1'",
        [left.id],
      ),
    ).toEqual([
      {
        told: { pipeline_id: left.pipeline_id, stage_id: left.stage_id, owner_id: null, version: 2 },
        actor: 'system:orgs',
      },
    ]);
    const log = await world.ask(a, ListLeadsAuditLog, { action: 'leads.released' });
    expect(log.items).toMatchObject([{ subject: leaver, actor: 'system:orgs', detail: { leads: 1 } }]);
    expect(await world.ask(a, GetLead, { id: kept.id })).toEqual(kept);
    expect(await world.ask(b, GetLead, { id: elsewhere.id })).toEqual(elsewhere);
    await expect(world.ask(a, UpdateLead, { id: left.id, owner_id: leaver })).rejects.toMatchObject({
      code: 'validation_failed',
    });
    expect((await world.ask(a, UpdateLead, { id: left.id, owner_id: other })).owner_id).toBe(other);
    await joins(a, leaver);
    expect((await lead(a, leaver)).owner_id).toBe(leaver);
  });

  const many = async (owner: string, count: number) => {
    const { pipeline_id, stage_id } = await lead(a);
    await world.test.admin(
      `insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, owner_id, created_at, updated_at)
       select $1, gen_random_uuid(), $2, $3, $4, $5, now(), now() from generate_series(1, $6::int)`,
      [a.id, pipeline_id, stage_id, owner, owner, count],
    );
  };
  const owned = async (owner: string) => (await world.ask(a, ListLeads, { owner_id: owner })).items.length;
  const released = async (owner: string) =>
    (await world.ask(a, ListLeadsAuditLog, { action: 'leads.released' })).items.filter(
      (each) => each.subject === owner,
    );

  it('leave more leads than one transaction takes: none is too long, and in the end nobody owns any of them', async () => {
    const leaver = newId();
    await joins(a, leaver);
    await many(leaver, 1_100);
    await leaves(a, leaver);
    await until(async () => (await released(leaver)).length > 0);
    expect(await owned(leaver)).toBe(0);
    expect(await released(leaver)).toMatchObject([{ actor: 'system:orgs', detail: { leads: 1100 } }]);
    const [transactions] = await world.test.admin(
      'select count(distinct xmin::text)::int as count from leads.leads where contact_name = $1',
      [leaver],
    );
    expect(transactions).toEqual({ count: 3 });
  });

  it('who leave with many own nothing new while those are released, also when they join again meanwhile', async () => {
    const [leaver, other] = [newId(), newId()];
    for (const member of [leaver, other]) await joins(a, member);
    await many(leaver, 500);
    await many(other, 500);
    const free = await lead(a);
    const sql = (owner: string) =>
      a.as(() => world.test.database.query(owning, { id: free.id, owner })).catch((error: unknown) => error);
    // As if somebody were at work on it.
    await world.test.admin(
      `insert into leads.jobs (org_id, id, kind, payload, started_by, state, attempts, created_at, lease, heartbeat_at)
       values ($1::uuid, $1::uuid, 'release-leads', '{}', 'system:orgs', 'open', 0, now(), gen_random_uuid(), now())
       on conflict (org_id, id) do update set state = 'open', lease = excluded.lease, heartbeat_at = now()`,
      [a.id],
    );
    for (const member of [leaver, other]) await leaves(a, member);
    await joins(a, leaver);
    const refused = { code: 'validation_failed' };
    for (const member of [leaver, other]) {
      await expect(world.ask(a, UpdateLead, { id: free.id, owner_id: member })).rejects.toMatchObject(refused);
      await expect(lead(a, member)).rejects.toMatchObject(refused);
      expect(await sql(member)).toMatchObject({ code: '23503' });
    }
    await world.test.admin('update leads.jobs set lease = null where id = $1', [a.id]);
    for (const member of [leaver, other]) {
      await until(async () => (await released(member)).length > 0);
      expect([await owned(member), (await released(member)).length]).toEqual([0, 1]);
    }
    expect((await lead(a, leaver)).owner_id).toBe(leaver);
    await expect(lead(a, other)).rejects.toMatchObject(refused);
  });

  it('who leave while leads are made theirs leave none behind, and nobody meets an error of ours', async () => {
    const leaver = newId();
    await joins(a, leaver);
    const unowned = await Promise.all(Array.from({ length: 6 }, () => lead(a)));
    const attempts = [
      ...Array.from({ length: 6 }, () => lead(a, leaver)),
      ...unowned.map(({ id }) => world.ask(a, UpdateLead, { id, owner_id: leaver })),
    ].map((attempt) =>
      attempt.then(
        ({ id }) => id,
        (error: DomainError) => error.code,
      ),
    );
    await leaves(a, leaver);
    const outcomes = await Promise.all(attempts);
    expect(outcomes.filter((outcome) => !/^[0-9a-f-]{36}$/.test(outcome) && outcome !== 'validation_failed')).toEqual(
      [],
    );
    expect((await world.ask(a, ListLeads, { owner_id: leaver })).items).toEqual([]);
  });
});
