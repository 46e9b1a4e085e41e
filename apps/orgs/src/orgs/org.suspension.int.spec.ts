import { DeleteOrg, ListMyOrgs, ResumeOrg, SuspendOrg, UpdateOrg } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { Attacker, type TestOrg } from '@apollo/testing';
import { codeOf, OrgsWorld, type WorldOrg } from '../spec/orgs.world.spec.js';

/** A holds open what it can under its own tag, on connections of its own; operators decide about it meanwhile. */
describe('a suspension', () => {
  let world: OrgsWorld;

  beforeAll(async () => {
    world = await OrgsWorld.start();
  });
  afterAll(() => world.stop());

  const attackerOf = (org: WorldOrg): Promise<Attacker> =>
    Attacker.connect(world.test, { id: org.id, owner: org.owner.id } as TestOrg);
  const hold = (attacker: Attacker, statement: string) =>
    attacker.plain('begin', `select tenancy.carry('${attacker.tag()}')`, statement);
  const statusOf = async (org: WorldOrg): Promise<string> => (await world.access(org.slug, org.owner)).status;
  const told = (org: WorldOrg): Promise<unknown[]> =>
    world.test.admin(
      `select body::jsonb ->> 'status' as status, entity_version::int as version from orgs.outbox
       where org_id = $1 and type = 'orgs.standing.decided.v1' and published_at is not null order by entity_version`,
      [org.id],
    );

  it.each<[string, (org: WorldOrg) => string]>([
    ['its row', () => 'select from orgs.organizations for update'],
    ['its row and its slug, which follows', () => "update orgs.organizations set name = 'held', mfa_required = true"],
    [
      'somebody who joins, and with them its slug',
      ({ id }) =>
        `insert into orgs.members (org_id, id, email, name, role, joined_at) values ('${id}', '${id}', 'x', 'x', 'viewer', now())`,
    ],
    [
      'its audit log',
      ({ owner }) => `select orgs.append_audit(uuidv7(), '${owner.id}', 'x', 'done', null, '{}'::jsonb, 'r')`,
    ],
    [
      'the next version of what is told of it',
      ({ id, owner }) =>
        `select orgs.write_event('orgs.org.changed.v1', '${id}', '${owner.id}', null, 'r', null, '{}')`,
    ],
    ['its own end', ({ owner }) => `select orgs.close_org('${owner.id}', 'r', null)`],
  ])(
    'is in effect at once while the organization holds %s (A74, A77)',
    async (_what, statement) => {
      const org = await world.org('holder');
      const operator = newId();
      const [first, second] = [await attackerOf(org), await attackerOf(org)];
      expect((await hold(first, statement(org))).code).toBeUndefined();
      // It is held indeed: whoever wants the same of the organization waits.
      expect((await second.attempt("set local lock_timeout = '200ms'", statement(org))).code).toBe('55P03');

      for (const [contract, status] of [
        [SuspendOrg, 'suspended'],
        [ResumeOrg, 'active'],
        [SuspendOrg, 'suspended'],
      ] as const) {
        expect(await codeOf(world.asPlatform(contract, { slug: org.slug }, operator))).toBe('ok');
        expect(await statusOf(org)).toBe(status);
      }
      // Others hear of it, too, in the order it was decided in.
      expect(
        await world.once(
          () => told(org),
          ({ length }) => length === 3,
        ),
      ).toEqual([
        { status: 'suspended', version: 1 },
        { status: 'active', version: 2 },
        { status: 'suspended', version: 3 },
      ]);

      await first.plain('rollback');
      await Promise.all([first.close(), second.close()]);
      // Nothing of it is missing in the organization's log when it is let go.
      const logged = () =>
        world.test.admin(
          "select action from orgs.audit_entries where org_id = $1 and actor = $2 and action like 'org.%' order by seq",
          [org.id, operator],
        );
      expect(await world.once(logged, ({ length }) => length >= 3)).toEqual([
        { action: 'org.suspended' },
        { action: 'org.resumed' },
        { action: 'org.suspended' },
      ]);
    },
    60_000,
  );

  it('waits for no connection of which the organization has its share, nor do its people lose sight of their others (A74)', async () => {
    const [org, other] = [await world.org('crowded'), await world.org('elsewhere')];
    await world.member(other, 'viewer', org.owner);
    const attacker = await attackerOf(org);
    await hold(attacker, 'select from orgs.organizations for update');
    const waiting = Array.from({ length: 24 }, (_, nth) =>
      codeOf(world.asMember(org, org.owner, UpdateOrg, { name: `${nth}` })),
    );
    await world.once(
      () => world.test.admin('select from pg_locks where not granted'),
      ({ length }) => length >= 9,
    );
    expect(await codeOf(world.asPlatform(SuspendOrg, { slug: org.slug }, newId()))).toBe('ok');
    expect((await world.asSelf(org.owner, ListMyOrgs, {})).items).toMatchObject([
      { slug: org.slug, name: org.slug, status: 'suspended' },
      { slug: other.slug, status: 'active', role: 'viewer' },
    ]);
    await attacker.plain('rollback');
    await attacker.close();
    await Promise.all(waiting);
  });

  it('leaves no more than one decision of those that come at once', async () => {
    const org = await world.org('at-once');
    const codes = await Promise.all(
      Array.from({ length: 8 }, () => codeOf(world.asPlatform(SuspendOrg, { slug: org.slug }, newId()))),
    );
    expect(new Set(codes)).toEqual(new Set(['ok']));
    expect(
      await world.once(
        () => told(org),
        ({ length }) => length > 0,
      ),
    ).toEqual([{ status: 'suspended', version: 1 }]);
  });

  it('and being resumed bring back no organization whose end was under way (H15)', async () => {
    const org = await world.org('ending');
    const attacker = await attackerOf(org);
    await hold(attacker, `select orgs.close_org('${org.owner.id}', 'r', null)`);
    expect(await codeOf(world.asPlatform(SuspendOrg, { slug: org.slug }, newId()))).toBe('ok');
    await attacker.plain('commit');
    await attacker.close();
    expect(await codeOf(world.access(org.slug, org.owner))).toBe('org_not_found');
    expect(await codeOf(world.asPlatform(ResumeOrg, { slug: org.slug }, newId()))).toBe('org_not_found');
    const rest = await world.org('rest');
    await world.asMember(rest, rest.owner, DeleteOrg, { confirm: rest.slug });
    expect(await codeOf(world.asPlatform(SuspendOrg, { slug: rest.slug }, newId()))).toBe('org_not_found');
  });
});
