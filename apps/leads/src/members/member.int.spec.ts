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
import { type TestOrg, twoOrgs } from '@apollo/testing';
import { type LeadsWorld, leadsWorld } from '../leads.world.spec.js';
import { MemberRepository } from './member.repository.js';
import { MemberService } from './member.service.js';

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

  it('leave more leads than one statement takes, and all of them have no owner', async () => {
    const leaver = newId();
    await joins(a, leaver);
    const first = await lead(a);
    await world.test.admin(
      `insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, owner_id, created_at, updated_at)
       select $1, gen_random_uuid(), $2, $3, 'Many', $4, now(), now() from generate_series(1, 1100)`,
      [a.id, first.pipeline_id, first.stage_id, leaver],
    );
    await leaves(a, leaver);
    expect((await world.ask(a, ListLeads, { owner_id: leaver })).items).toEqual([]);
    const log = await world.ask(a, ListLeadsAuditLog, { action: 'leads.released' });
    expect(log.items[0]).toMatchObject({ subject: leaver, detail: { leads: 1100 } });
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
