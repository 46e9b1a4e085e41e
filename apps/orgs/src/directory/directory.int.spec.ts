import { ListMyOrgs } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { asPlatform, Attacker, type TestOrg } from '@apollo/testing';
import { DirectoryRepository } from './directory.repository.js';
import { invitationTokenHash } from '../invitations/invitation.token.js';
import { OrgsWorld, type WorldOrg } from '../spec/orgs.world.spec.js';
import type { KnownPerson } from '../spec/identity.peer.spec.js';

/** Arbitrary SQL on the service's own connection, under the genuine tag of A, by a person who also belongs to B. */
describe('arbitrary SQL on orgs_app under the tag of one organization', () => {
  let world: OrgsWorld;
  let a: WorldOrg;
  let b: WorldOrg;
  let both: KnownPerson;
  let hashOfB: string;
  let attacker: Attacker;
  let before: string;

  const stateOfB = async (): Promise<string> =>
    JSON.stringify(
      await Promise.all(
        ['organizations', 'members', 'invitations', 'slugs', 'seats', 'invitation_links'].map((table) =>
          world.test.admin(`select * from orgs.${table} where org_id = $1 order by 1, 2`, [b.id]),
        ),
      ),
    );

  beforeAll(async () => {
    world = await OrgsWorld.start();
    both = world.identity.person('both');
    a = await world.org('alpha');
    b = await world.org('beta', both);
    await world.member(a, 'owner', both);
    await world.member(b, 'viewer');
    hashOfB = invitationTokenHash(await world.invite(b, both, 'pending@example.test', 'member'));
    attacker = await Attacker.connect(world.test, { id: a.id, owner: both.id } as TestOrg);
    before = await stateOfB();
  });
  afterEach(async () => expect(await stateOfB()).toBe(before));
  afterAll(async () => {
    await attacker.close();
    await world.stop();
  });

  const nothingOfB = (said: string): void => {
    for (const secret of [b.id, b.slug, `canary-${b.slug}`, hashOfB, 'pending@example.test'])
      expect(said).not.toContain(secret);
  };

  it('sees its own organization: the control without which a dead test would pass', async () => {
    const outcome = await attacker.attempt('select slug from orgs.organizations');
    expect(outcome.rows).toEqual([{ slug: a.slug }]);
    expect((await attacker.attempt('select id from orgs.members')).rows).toHaveLength(2);
  });

  it.each([
    'organizations',
    'members',
    'invitations',
    'audit_entries',
    'org_commands',
    'person_commands',
    'platform_commands',
    'mails',
  ])('reads nothing of B from %s (A11, A17)', async (table) => {
    for (const sql of [
      `select * from orgs.${table}`,
      `select query_to_xml('select * from orgs.${table}', true, false, '')::text`,
    ]) {
      nothingOfB((await attacker.attempt(sql)).said);
    }
  });

  it.each(['slugs', 'creations', 'seats', 'invitation_links', 'audit_heads'])(
    'has no grant at all on %s',
    async (table) => {
      for (const sql of [
        `select * from orgs.${table}`,
        `delete from orgs.${table}`,
        `update orgs.${table} set org_id = org_id`,
        `truncate orgs.${table}`,
      ]) {
        expect((await attacker.attempt(sql)).code).toBe('42501');
      }
    },
  );

  it('asks the look-ups for slug, seat, own seats and link in vain: they answer no organization', async () => {
    const lookups = [
      `select * from orgs.find_org('${b.slug}')`,
      `select * from orgs.find_seat('${b.slug}', '${both.id}')`,
      'select * from orgs.my_seats()',
      `select * from orgs.find_link('${hashOfB}')`,
      `select * from orgs.find_invitation('${hashOfB}')`,
      `select * from orgs.find_org('${a.slug}')`,
    ];
    for (const sql of lookups) {
      const outcome = await attacker.attempt(sql);
      expect(outcome.code).toBe('42501');
      nothingOfB(outcome.said.replace(b.slug, ''));
    }
  });

  it('asks as nobody in vain too: untagged, with a made-up tag and with a tag it has seen but for another scope (A11, A17, A18)', async () => {
    const genuine = attacker.tag();
    const edited = genuine.replace(/^org\.[^.]+/, 'platform.-');
    for (const tag of ['', 'platform.-.-.9999999999.' + '0'.repeat(64), edited, genuine.replace(a.id, b.id)]) {
      await attacker.plain('begin');
      expect((await attacker.plain(`select tenancy.carry('${tag}')`)).code).toBe('42501');
      await attacker.plain('rollback');
      await attacker.plain('begin');
      for (const sql of [
        'select * from orgs.organizations',
        `select * from orgs.find_org('${b.slug}')`,
        'select * from orgs.my_seats()',
      ]) {
        await attacker.plain('savepoint s');
        expect((await attacker.plain(sql)).code).toBe('42501');
        await attacker.plain('rollback to s');
      }
      await attacker.plain('rollback');
    }
  });

  it('writes nothing into B, and moves nothing there (A36, A37)', async () => {
    const attempts = [
      `insert into orgs.members (org_id, id, email, name, role, joined_at) values ('${b.id}', '${newId()}', 'x', 'x', 'owner', now())`,
      `update orgs.members set org_id = '${b.id}'`,
      `update orgs.organizations set org_id = '${b.id}', id = '${b.id}'`,
      `delete from orgs.invitations where org_id = '${b.id}'`,
    ];
    for (const sql of attempts) expect((await attacker.commit(sql)).code).toBe('42501');
    for (const sql of [
      `update orgs.members set role = 'owner' where org_id = '${b.id}'`,
      `update orgs.invitations set role = 'owner' where org_id = '${b.id}'`,
    ]) {
      const outcome = await attacker.commit(sql);
      expect(outcome.code).toBeUndefined();
    }
  });

  it('takes no slug, and leaves the directory as it is where it moves its own rows', async () => {
    for (const slug of [b.slug, 'a-slug-nobody-has']) {
      expect((await attacker.commit(`update orgs.organizations set slug = '${slug}'`)).code).toBe('42501');
      expect((await world.access(b.slug, both)).org_id).toBe(b.id);
      expect((await world.access(a.slug, both)).org_id).toBe(a.id);
    }
    const invitationOfB = (await world.test.admin('select id from orgs.invitations where org_id = $1', [b.id]))[0]?.[
      'id'
    ] as string;
    await attacker.commit(`select orgs.close_link('${invitationOfB}')`);
    expect((await world.asSelf(both, ListMyOrgs, {})).items.map(({ slug }) => slug).sort()).toEqual(
      [a.slug, b.slug].sort(),
    );
  });

  it('lets nobody in whom the list of members does not show: a seat follows the member, whatever moves it', async () => {
    const [ghost, other] = [newId(), newId()];
    const insert = `insert into orgs.members (org_id, id, email, name, role, joined_at) values ('${a.id}', '${ghost}', 'x', 'x', 'owner', now())`;
    const memberships = async (): Promise<unknown[]> =>
      (
        await world.test.admin('select user_id, role from orgs.seats where org_id = $1 and user_id = any($2)', [
          a.id,
          [ghost, other],
        ])
      ).map(({ user_id, role }) => [user_id, role]);
    // The control: who is a member has a seat.
    expect((await attacker.commit(insert)).code).toBeUndefined();
    expect(await memberships()).toEqual([[ghost, 'owner']]);
    expect(
      (await attacker.commit(`update orgs.members set role = 'viewer' where id = '${ghost}'`)).code,
    ).toBeUndefined();
    expect(await memberships()).toEqual([[ghost, 'viewer']]);
    // The key of a row that is there is nobody's to change.
    expect((await attacker.commit(`update orgs.members set id = '${other}' where id = '${ghost}'`)).code).toBe('42501');
    expect((await attacker.commit(`select orgs.delete_members(array['${ghost}']::uuid[])`)).code).toBeUndefined();
    expect(await memberships()).toEqual([]);
    expect(
      (await attacker.commit(insert, `select orgs.delete_members(array['${ghost}']::uuid[])`)).code,
    ).toBeUndefined();
    expect(await memberships()).toEqual([]);
    for (const call of ['publish_org()', `publish_seat('${ghost}')`, 'follow_members()'])
      expect([call, (await attacker.attempt(`select orgs.${call}`)).code]).toEqual([
        call,
        call === 'follow_members()' ? '42501' : '42883',
      ]);
  });

  it("learns of no link that it is another's, and cannot take it over, not even once it is closed (A32)", async () => {
    const open = (hash: string): string => `select orgs.open_link('${hash}', '${newId()}')`;
    const unknown = await attacker.commit(open('f'.repeat(64)));
    expect(unknown.code).toBeUndefined();
    expect(await attacker.commit(open(hashOfB))).toEqual(unknown);
    const found = (): Promise<Record<string, unknown>[]> =>
      asPlatform(() => new DirectoryRepository(world.test.database).invitationOf(hashOfB)).then((link) =>
        link ? [{ ...link }] : [],
      );
    expect(await found()).toMatchObject([{ org_id: b.id }]);
    const close = (closed: boolean): Promise<unknown> =>
      world.test.admin('update orgs.invitation_links set closed = $1 where token_hash = $2 and org_id = $3', [
        closed,
        hashOfB,
        b.id,
      ]);
    await close(true);
    expect(await found()).toEqual([]);
    await close(false);
  });

  it('cannot replace, own or become anything (A03, A04, A09, A41)', async () => {
    for (const sql of [
      'set role orgs_owner',
      'set session authorization orgs_owner',
      'create function orgs.find_org(text) returns int language sql as $$ select 1 $$',
      'create table orgs.mine (id int)',
      'create temp table slugs (slug text)',
      'alter function orgs.find_org(text) owner to orgs_app',
      'drop function orgs.find_org(text)',
    ]) {
      expect([sql, (await attacker.attempt(sql)).code]).toEqual([sql, '42501']);
    }
  });
});
