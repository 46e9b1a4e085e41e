import { createHash } from 'node:crypto';
import { ChangeMemberRole, CreateInvitation, ListAuditLog, RemoveMember, UpdateOrg } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { Attacker, type TestOrg } from '@apollo/testing';
import { codeOf, OrgsWorld, type WorldOrg } from '../spec/orgs.world.spec.js';

/** What the chain's links are made of, as an auditor with a copy of the rows computes it. */
const LINKS = `
  select e.seq::int as seq, e.hash, lag(e.hash) over (order by e.seq) as before,
    jsonb_build_array(coalesce(lag(e.hash) over (order by e.seq), repeat('0', 64)), e.org_id, e.seq, extract(epoch from e.at)::text,
      e.actor, e.action, e.outcome, e.subject, e.detail, e.request_id)::text as link
  from orgs.audit_entries e where e.org_id = $1 order by e.seq`;

describe('the audit log', () => {
  let world: OrgsWorld;
  let a: WorldOrg;
  let b: WorldOrg;

  beforeAll(async () => {
    world = await OrgsWorld.start();
    a = await world.org('alpha');
    b = await world.org('beta');
  });
  afterAll(() => world.stop());

  const attackerOf = (org: WorldOrg): Promise<Attacker> =>
    Attacker.connect(world.test, { id: org.id, owner: org.owner.id } as TestOrg);

  /** The first entry whose hash does not follow from the one before; null for a whole chain. */
  const firstBreak = async (org: WorldOrg): Promise<number | null> => {
    const rows = (await world.test.admin(LINKS, [org.id])) as { seq: number; hash: string; link: string }[];
    const broken = rows.find(
      (row, index) => row.seq !== index + 1 || createHash('sha256').update(row.link).digest('hex') !== row.hash,
    );
    return broken?.seq ?? null;
  };

  it('holds every change with its actor, and every refusal with its reason', async () => {
    const viewer = await world.member(a, 'viewer');
    await world.asMember(a, a.owner, UpdateOrg, { name: 'Renamed canary', time_zone: 'Europe/Paris' });
    await world.asMember(a, a.owner, ChangeMemberRole, { user_id: viewer.id, role: 'member' });
    expect(await codeOf(world.asMember(a, viewer, UpdateOrg, { name: 'No' }))).toBe('forbidden');
    const log = await world.asMember(a, a.owner, ListAuditLog, {});
    expect(log.items.map(({ action, outcome, actor, detail }) => ({ action, outcome, actor, detail }))).toEqual([
      {
        action: 'orgs.update-org.v1',
        outcome: 'denied',
        actor: viewer.id,
        detail: expect.objectContaining({ code: 'forbidden' }) as object,
      },
      { action: 'member.role-changed', outcome: 'done', actor: a.owner.id, detail: { from: 'viewer', to: 'member' } },
      { action: 'org.updated', outcome: 'done', actor: a.owner.id, detail: { fields: ['name', 'time_zone'] } },
      {
        action: 'member.joined',
        outcome: 'done',
        actor: viewer.id,
        detail: expect.objectContaining({ role: 'viewer', invited_by: a.owner.id }) as object,
      },
      {
        action: 'invitation.created',
        outcome: 'done',
        actor: a.owner.id,
        detail: expect.objectContaining({ role: 'viewer' }) as object,
      },
      { action: 'org.created', outcome: 'done', actor: a.owner.id, detail: { owner: a.owner.id } },
    ]);
  });

  it('holds no name, address or text of anybody (M35)', async () => {
    const email = `secret-${Date.now()}@example.test`;
    await world.asMember(a, a.owner, CreateInvitation, { email, role: 'viewer' });
    const text = JSON.stringify(await world.audit(a));
    for (const content of [email, a.owner.email, a.owner.name, 'Renamed canary', a.slug])
      expect(text).not.toContain(content);
  });

  it('shows everything to Owners and Admins and their own to others, whatever they filter for (H06)', async () => {
    const admin = await world.member(a, 'admin');
    const member = await world.member(a, 'member');
    const all = await world.asMember(a, a.owner, ListAuditLog, { limit: 200 });
    expect((await world.asMember(a, admin, ListAuditLog, { limit: 200 })).items).toEqual(all.items);
    const own = await world.asMember(a, member, ListAuditLog, { limit: 200 });
    expect(own.items.map(({ actor }) => actor)).toEqual([member.id]);
    expect(
      (await world.asMember(a, member, ListAuditLog, { actor_id: a.owner.id })).items.map(({ actor }) => actor),
    ).toEqual([member.id]);
  });

  it('shows an organization nothing of another, and takes no cursor of it (H01, H19)', async () => {
    for (let count = 0; count < 2; count += 1) await world.member(b, 'viewer');
    const page = await world.asMember(b, b.owner, ListAuditLog, { limit: 1 });
    expect(await codeOf(world.asMember(a, a.owner, ListAuditLog, { limit: 1, cursor: page.next_cursor ?? '' }))).toBe(
      'invalid_cursor',
    );
    const ofA = JSON.stringify(await world.asMember(a, a.owner, ListAuditLog, { limit: 200 }));
    for (const entry of await world.audit(b)) expect(ofA).not.toContain(entry['hash']);
  });

  it('is one whole chain per organization, also under concurrent changes', async () => {
    const people = await Promise.all(['member', 'viewer', 'admin'].map((role) => world.member(a, role as 'member')));
    await Promise.all(
      people.flatMap((person) => [
        codeOf(world.asMember(a, a.owner, RemoveMember, { user_id: person.id })),
        codeOf(world.asMember(a, person, UpdateOrg, { name: 'No' })),
      ]),
    );
    expect((await world.audit(a)).length).toBeGreaterThan(10);
    expect(await firstBreak(a)).toBeNull();
    expect(await firstBreak(b)).toBeNull();
  });

  it('breaks where a superuser changes an entry behind its back, or takes one out', async () => {
    const org = await world.org('tampered');
    for (let count = 0; count < 2; count += 1) await world.member(org, 'viewer');
    expect(await firstBreak(org)).toBeNull();
    await world.test.admin("update orgs.audit_entries set actor = 'anonymous' where org_id = $1 and seq = 3", [org.id]);
    expect(await firstBreak(org)).toBe(3);
    await world.test.admin('delete from orgs.audit_entries where org_id = $1 and seq = 2', [org.id]);
    expect(await firstBreak(org)).toBe(3);
  });

  it.each([
    ['change an entry', "update orgs.audit_entries set action = 'nothing'"],
    ['delete an entry', 'delete from orgs.audit_entries'],
    ['write an entry past the chain', `insert into orgs.audit_entries select * from orgs.audit_entries limit 1`],
    ['read the head of a chain', 'select * from orgs.audit_heads'],
    ['move the head of a chain', "update orgs.audit_heads set seq = 0, hash = repeat('0', 64)"],
    ['empty the log', 'truncate orgs.audit_entries'],
  ])("lets the service's own role not %s, not even its own organization's (B15)", async (_what, sql) => {
    const attacker = await attackerOf(a);
    expect((await attacker.attempt('select count(*) from orgs.audit_entries')).code).toBeUndefined();
    expect((await attacker.attempt(sql)).code).toBe('42501');
    await attacker.close();
  });

  it('is written by nobody but whom the tag names: a person, or a service at its own work (B15)', async () => {
    const colleague = await world.member(a, 'admin');
    const before = await world.audit(a);
    const append = (actor: string | null): string =>
      `select orgs.append_audit('${newId()}', ${actor === null ? 'null' : `'${actor}'`}, 'member.removed', 'done', null, '{}', 'r')`;
    const attacker = await attackerOf(a);
    for (const actor of [colleague.id, newId(), 'system:orgs', 'system:leads', 'anonymous', '-', '', null])
      expect([actor, (await attacker.commit(append(actor))).code]).toEqual([actor, '42501']);
    expect(await world.audit(a)).toEqual(before);
    expect((await attacker.commit(append(a.owner.id))).code).toBeUndefined();
    await attacker.close();

    const system = await Attacker.connect(world.test, { id: a.id, owner: 'system:orgs' } as TestOrg);
    for (const actor of [a.owner.id, 'system:leads', 'anonymous', null])
      expect([actor, (await system.commit(append(actor))).code]).toEqual([actor, '42501']);
    expect((await system.commit(append('system:orgs'))).code).toBeUndefined();
    expect((await system.attempt('select tenancy.actor_id()')).code).toBe('42501');
    await system.close();
    expect((await world.audit(a)).length).toBe(before.length + 2);
    expect(await firstBreak(a)).toBeNull();
  });

  it('takes no name at all under a tag that names nobody', async () => {
    const unnamed = await Attacker.connect(world.test, { id: a.id, owner: 'anonymous' } as TestOrg);
    const append = (actor: string): string =>
      `select orgs.append_audit('${newId()}', '${actor}', 'member.removed', 'done', null, '{}', 'r')`;
    for (const actor of [a.owner.id, '-', '', 'system:', 'system:orgs', `system:${a.owner.id}`, 'Ada'])
      expect([actor, (await unnamed.commit(append(actor))).code]).toEqual([actor, '42501']);
    expect((await unnamed.commit(append('anonymous'))).code).toBeUndefined();
    await unnamed.close();
  });
});
