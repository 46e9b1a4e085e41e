import { ChangeMemberRole, GetMember, LeaveOrg, ListMembers, RemoveMember } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { codeOf, outcome, OrgsWorld, type WorldOrg } from '../spec/orgs.world.spec.js';

describe('members', () => {
  let world: OrgsWorld;
  let a: WorldOrg;
  let b: WorldOrg;

  beforeAll(async () => {
    world = await OrgsWorld.start();
    a = await world.org('alpha');
    b = await world.org('beta');
  });
  afterAll(() => world.stop());

  const owners = async (org: WorldOrg): Promise<number> =>
    Number(
      (
        await world.test.admin("select count(*) as n from orgs.members where org_id = $1 and role = 'owner'", [org.id])
      )[0]?.['n'],
    );

  it('change role by an Owner, with a new version in the member and in the access, and go as their remover has seen them', async () => {
    const person = await world.member(a, 'viewer');
    const changed = await world.asMember(a, a.owner, ChangeMemberRole, {
      user_id: person.id,
      role: 'member',
      if_match: 1,
    });
    expect(changed).toMatchObject({ user_id: person.id, role: 'member', version: 2 });
    expect(await world.access(a.slug, person)).toMatchObject({ role: 'member', membership_version: 2 });
    expect(
      await codeOf(world.asMember(a, a.owner, ChangeMemberRole, { user_id: person.id, role: 'viewer', if_match: 1 })),
    ).toBe('etag_mismatch');
    const remove = (if_match: number) => world.asMember(a, a.owner, RemoveMember, { user_id: person.id, if_match });
    expect(await codeOf(remove(1))).toBe('etag_mismatch');
    expect(await world.access(a.slug, person)).toMatchObject({ role: 'member' });
    expect(await codeOf(remove(2))).toBe('ok');
  });

  it('below Admin change nobody (H06)', async () => {
    const target = await world.member(a, 'viewer');
    for (const role of ['member', 'viewer'] as const) {
      const actor = await world.member(a, role);
      expect(await codeOf(world.asMember(a, actor, ChangeMemberRole, { user_id: target.id, role: 'member' }))).toBe(
        'forbidden',
      );
      expect(await codeOf(world.asMember(a, actor, RemoveMember, { user_id: target.id }))).toBe('forbidden');
      expect(await codeOf(world.asMember(a, actor, ChangeMemberRole, { user_id: actor.id, role: 'owner' }))).toBe(
        'forbidden',
      );
    }
  });

  it('who are Admin neither touch an Owner nor make one, themselves included (H07)', async () => {
    const admin = await world.member(a, 'admin');
    const viewer = await world.member(a, 'viewer');
    expect(await codeOf(world.asMember(a, admin, ChangeMemberRole, { user_id: admin.id, role: 'owner' }))).toBe(
      'owner_required',
    );
    expect(await codeOf(world.asMember(a, admin, ChangeMemberRole, { user_id: viewer.id, role: 'owner' }))).toBe(
      'owner_required',
    );
    expect(await codeOf(world.asMember(a, admin, ChangeMemberRole, { user_id: a.owner.id, role: 'viewer' }))).toBe(
      'owner_required',
    );
    expect(await codeOf(world.asMember(a, admin, RemoveMember, { user_id: a.owner.id }))).toBe('owner_required');
    expect(await codeOf(world.asMember(a, admin, RemoveMember, { user_id: viewer.id }))).toBe('ok');
    expect((await world.access(a.slug, a.owner)).role).toBe('owner');
  });

  it('are judged by the role they have, not by the one their token remembers (H10)', async () => {
    const admin = await world.member(a, 'admin');
    const viewer = await world.member(a, 'viewer');
    await world.asMember(a, a.owner, ChangeMemberRole, { user_id: admin.id, role: 'viewer' });
    expect(await codeOf(world.asRole(a, admin, 'admin', RemoveMember, { user_id: viewer.id }))).toBe('forbidden');
    expect(await codeOf(world.asRole(a, admin, 'owner', ChangeMemberRole, { user_id: admin.id, role: 'owner' }))).toBe(
      'forbidden',
    );
    await world.asMember(a, a.owner, RemoveMember, { user_id: admin.id });
    expect(await codeOf(world.asRole(a, admin, 'owner', RemoveMember, { user_id: viewer.id }))).toBe('org_not_found');
    expect(await codeOf(world.access(a.slug, admin))).toBe('org_not_found');
  });

  it('never lose their last Owner: not by demotion, removal or leaving (H07, H08)', async () => {
    expect(await codeOf(world.asMember(b, b.owner, ChangeMemberRole, { user_id: b.owner.id, role: 'admin' }))).toBe(
      'last_owner',
    );
    expect(await codeOf(world.asMember(b, b.owner, RemoveMember, { user_id: b.owner.id }))).toBe('last_owner');
    expect(await codeOf(world.asMember(b, b.owner, LeaveOrg, {}))).toBe('last_owner');
    const second = await world.member(b, 'owner');
    expect(await codeOf(world.asMember(b, b.owner, ChangeMemberRole, { user_id: b.owner.id, role: 'admin' }))).toBe(
      'ok',
    );
    expect(await codeOf(world.asMember(b, second, ChangeMemberRole, { user_id: b.owner.id, role: 'owner' }))).toBe(
      'ok',
    );
  });

  it('keep one Owner when two demote, remove or leave each other in the same instant, fifty times (H08)', async () => {
    const org = await world.org('race');
    const second = await world.member(org, 'owner');
    const pair = [org.owner, second] as const;
    for (let round = 0; round < 50; round += 1) {
      const results = await Promise.all(
        pair.map((actor, index) => {
          const other = pair[(1 - index) as 0 | 1];
          switch (round % 4) {
            case 0:
              return codeOf(world.asRole(org, actor, 'owner', ChangeMemberRole, { user_id: other.id, role: 'viewer' }));
            case 1:
              return codeOf(world.asRole(org, actor, 'owner', ChangeMemberRole, { user_id: actor.id, role: 'admin' }));
            case 2:
              return codeOf(world.asRole(org, actor, 'owner', RemoveMember, { user_id: other.id }));
            default:
              return codeOf(world.asRole(org, actor, 'owner', LeaveOrg, {}));
          }
        }),
      );
      expect(results.filter((code) => code === 'ok')).toHaveLength(1);
      expect(['last_owner', 'forbidden', 'org_not_found', 'not_found']).toContain(
        results.find((code) => code !== 'ok'),
      );
      expect(await owners(org)).toBe(1);
      // Both are Owners again for the next round, as a superuser would repair it: the service itself is what is tried.
      for (const person of pair) {
        await world.test.admin(
          `insert into orgs.members (org_id, id, email, name, role, joined_at) values ($1, $2, $3, 'again', 'owner', now())
           on conflict (org_id, id) do update set role = 'owner'`,
          [org.id, person.id, person.email.toLowerCase()],
        );
      }
    }
  });

  it('leave by themselves, lose access with the reply, and may be invited again (H09)', async () => {
    const person = await world.member(a, 'member');
    await world.asMember(a, person, LeaveOrg, {});
    expect(await codeOf(world.access(a.slug, person))).toBe('org_not_found');
    await world.member(a, 'viewer', person);
    expect((await world.access(a.slug, person)).role).toBe('viewer');
  });

  it('of another organization are answered as people who do not exist (H01, H15)', async () => {
    const foreign = await world.member(b, 'member');
    for (const id of [foreign.id, b.owner.id]) {
      const requests = [GetMember, RemoveMember] as const;
      for (const contract of requests) {
        const known = await outcome(world.asMember(a, a.owner, contract as typeof GetMember, { user_id: id }));
        expect(known).toEqual(
          await outcome(world.asMember(a, a.owner, contract as typeof GetMember, { user_id: newId() })),
        );
        expect(known.code).toBe('not_found');
      }
      expect(await codeOf(world.asMember(a, a.owner, ChangeMemberRole, { user_id: id, role: 'viewer' }))).toBe(
        'not_found',
      );
    }
    expect((await world.access(b.slug, foreign)).role).toBe('member');
  });

  it('are listed in pages, each once, and a cursor works for its organization and person only (H19)', async () => {
    const org = await world.org('pages');
    const people = [org.owner.id];
    for (let count = 0; count < 4; count += 1) people.push((await world.member(org, 'viewer')).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await world.asMember(org, org.owner, ListMembers, { limit: 2, cursor });
      seen.push(...page.items.map((member) => member.user_id));
      cursor = page.next_cursor ?? undefined;
      if (cursor) {
        expect(await codeOf(world.asMember(a, a.owner, ListMembers, { limit: 2, cursor }))).toBe('invalid_cursor');
      }
    } while (cursor);
    expect(seen).toEqual(people);
  });
});
