import { ListAccessChanges, ListMyOrgs } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { Attacker, type TestOrg } from '@apollo/testing';
import type { KnownPerson } from '../spec/identity.peer.spec.js';
import { OrgsWorld, outcome, type WorldOrg } from '../spec/orgs.world.spec.js';

/** A writes into its own rows, which the directories follow; people of B find what is theirs meanwhile. */
describe('A74 what one organization writes that the directories tell', () => {
  let world: OrgsWorld;
  let a: WorldOrg;
  let b: WorldOrg;
  let person: KnownPerson;
  let attacker: Attacker;

  beforeAll(async () => {
    world = await OrgsWorld.start();
    [a, b] = [await world.org('alpha'), await world.org('beta')];
    person = await world.member(b, 'viewer');
    attacker = await Attacker.connect(world.test, { id: a.id, owner: a.owner.id } as TestOrg);
    // Whoever may write A's rows makes anybody a member of A.
    const membership = `insert into orgs.members (org_id, id, email, name, role, joined_at) values ('${a.id}', '${person.id}', 'x', 'x', 'viewer', now())`;
    expect((await attacker.commit(membership)).code).toBeUndefined();
  });
  afterAll(async () => {
    await attacker.close();
    await world.stop();
  });

  /** The slugs of the organizations that the person of B is told of. */
  const mine = async (): Promise<string[]> =>
    (await world.asSelf(person, ListMyOrgs, {})).items.map(({ slug }) => slug).sort();

  it.each([
    ['a name longer than any', "name = repeat('x', 201)", '23514'],
    ['a name of a hundred megabytes', "name = repeat('x', 100000000)", '23514'],
    ['a name of two lines', "name = 'x' || chr(10) || 'x'", '23514'],
    ['no name', "name = ''", '23514'],
    ['a slug that is none', "slug = repeat('x', 41)", '23514'],
    ['a state nobody knows', "status = '?'", '42501'],
    ['a text of a hundred megabytes', "description = repeat('x', 100000000)", '23514'],
    ['the longest text that there is', "description = repeat('x', 10000)", undefined],
    ['a time that is none', "created_at = '294276-12-31'", undefined],
    ['a version that is none', 'version = -2147483648', '23514'],
  ])('hides from nobody which organizations are theirs: %s', async (_what, set, code) => {
    expect((await attacker.commit(`update orgs.organizations set ${set}`)).code).toBe(code);
    expect(await mine()).toEqual([a.slug, b.slug].sort());
  });

  it.each([
    ['a role nobody knows', "role = '?'", '23514'],
    ['a version that is none', 'version = -2147483648', undefined],
  ])('hides from nobody which organizations are theirs: a seat with %s', async (_what, set, code) => {
    const membership = `update orgs.members set ${set} where id = '${person.id}'`;
    expect((await attacker.commit(membership)).code).toBe(code);
    expect(await mine()).toEqual([a.slug, b.slug].sort());
    expect((await outcome(world.access(b.slug, person))).code).toBe('ok');
  });

  it('keeps no connection from anybody, of how many organizations a person may be', async () => {
    await world.test.admin(
      `with made as (insert into orgs.organizations (org_id, id, slug, name, time_zone, language, currency, created_at)
        select u, u, 'many-' || n, 'x', 'UTC', 'en', 'EUR', now() from (select gen_random_uuid() u, n from generate_series(1, 1200) n) returning id)
      insert into orgs.members (org_id, id, email, name, role, joined_at) select id, $1, 'x', 'x', 'owner', now() from made`,
      [person.id],
    );
    expect(await mine()).toHaveLength(1_000);
    const few = `delete from orgs.members m using orgs.organizations o where o.id = m.org_id and o.slug like 'many-%' and o.slug > 'many-11'`;
    await world.test.admin(few);
    // More at once than there are connections, each of them in several transactions.
    const lists = await Promise.all(Array.from({ length: 6 }, () => mine()));
    expect(new Set(lists.map((list) => list.length)).size).toBe(1);
    expect(lists[0]?.length).toBeGreaterThan(100);
    expect((await outcome(world.access(b.slug, person))).code).toBe('ok');
    await world.test.admin(
      `delete from orgs.members m using orgs.organizations o where o.id = m.org_id and o.slug like 'many-%'`,
    );
  });

  it('crowds out no change of access that a gateway asks for, however many there are', async () => {
    const { mark } = await world.asPlatform(ListAccessChanges, {}, newId());
    const many = `insert into orgs.members (org_id, id, email, name, role, joined_at)
      select '${a.id}', gen_random_uuid(), 'x', 'x', 'viewer', now() from generate_series(1, 3000)`;
    expect((await attacker.commit(many)).code).toBeUndefined();
    const joined = await world.member(b, 'viewer');
    const { items, complete } = await world.asPlatform(ListAccessChanges, { mark }, newId());
    expect(items).toContainEqual({ org_id: b.id, user_id: joined.id });
    expect(complete).toBe(true);
    // The control: A's are told, as everybody's.
    expect(items.filter(({ org_id }) => org_id === a.id)).toEqual([{ org_id: a.id, user_id: null }]);
  });
});
