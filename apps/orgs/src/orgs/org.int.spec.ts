import {
  CreateOrg,
  DeleteOrg,
  GetOrg,
  HoldAmounts,
  ListAuditLog,
  ListMembers,
  ListMyOrgs,
  ReleaseAmounts,
  type RequestContract,
  ResumeOrg,
  subjectOf,
  SuspendOrg,
  UpdateOrg,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { Attacker, type TestOrg, testOrg, testPeer } from '@apollo/testing';
import { ORGS_PER_ACCOUNT } from './org.rules.js';
import { codeOf, outcome, OrgsWorld, type WorldOrg } from '../spec/orgs.world.spec.js';

describe('organizations', () => {
  let world: OrgsWorld;
  let a: WorldOrg;
  let b: WorldOrg;

  beforeAll(async () => {
    world = await OrgsWorld.start();
    a = await world.org('alpha');
    b = await world.org('beta');
  });
  afterAll(() => world.stop());

  const slug = (): string => `made-${newId().slice(-10)}`;

  describe('creating one', () => {
    it('makes the creator its first Owner, with defaults, and gives the version', async () => {
      const creator = world.identity.person('creator');
      const wanted = slug();
      const org = await world.asSelf(creator, CreateOrg, { slug: wanted, name: 'Made', language: 'pt-br' });
      expect(org).toMatchObject({
        slug: wanted,
        name: 'Made',
        time_zone: 'UTC',
        language: 'pt-BR',
        currency: 'USD',
        country: null,
        mfa_required: false,
        status: 'active',
        version: 1,
      });
      expect(await world.access(wanted, creator)).toEqual({
        org_id: org.id,
        role: 'owner',
        status: 'active',
        mfa_required: false,
        membership_version: 1,
      });
      const members = await world.asMember({ ...org, owner: creator }, creator, ListMembers, {});
      expect(members.items).toEqual([
        expect.objectContaining({
          user_id: creator.id,
          email: creator.email.toLowerCase(),
          name: creator.name,
          role: 'owner',
        }),
      ]);
    });

    it('refuses a person without an access grant, and leaves nothing behind', async () => {
      const person = world.identity.person('guest', false);
      const wanted = slug();
      expect(await codeOf(world.asSelf(person, CreateOrg, { slug: wanted, name: 'No' }))).toBe('not_granted');
      expect(await world.test.admin('select from orgs.slugs where slug = $1', [wanted])).toEqual([]);
    });

    it('takes no more of one account than it may have, however many are asked for at once', async () => {
      const creator = world.identity.person('creator');
      const create = (): Promise<{ code: string; told?: string }> =>
        outcome(world.asSelf(creator, CreateOrg, { slug: slug(), name: 'Made' }));
      const outcomes = await Promise.all(Array.from({ length: 40 }, create));
      const refused = outcomes.filter(({ code }) => code !== 'ok');
      expect(refused).toHaveLength(40 - ORGS_PER_ACCOUNT);
      expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['state_conflict']));
      expect(refused[0]?.told).toContain(`at most ${ORGS_PER_ACCOUNT} organizations`);
      expect((await world.asSelf(creator, ListMyOrgs, {})).items).toHaveLength(ORGS_PER_ACCOUNT);
      // Where one is refused, another account is not.
      expect(await codeOf(world.asSelf(world.identity.person('other'), CreateOrg, { slug: slug(), name: 'B' }))).toBe(
        'ok',
      );
    });

    it('counts a deleted one until its data is purged, and one that failed not at all', async () => {
      const creator = world.identity.person('creator');
      const create = (wanted = slug()) => world.asSelf(creator, CreateOrg, { slug: wanted, name: 'Made' });
      for (let made = 1; made < ORGS_PER_ACCOUNT; made += 1) await create();
      expect(await codeOf(create(a.slug))).toBe('slug_taken');
      const last = { ...(await create()), owner: creator };
      await world.asMember(last, creator, DeleteOrg, { confirm: last.slug });
      expect(await codeOf(create())).toBe('state_conflict');
      // Its time is up, and its data is there.
      await world.test.admin("update orgs.purges set due_at = now() - interval '1 minute' where org_id = $1", [
        last.id,
      ]);
      expect(await codeOf(create())).toBe('state_conflict');
    });

    it('takes no place of anybody under the tag of an organization that is there', async () => {
      const take = async (org: TestOrg): Promise<unknown[]> => {
        const attacker = await Attacker.connect(world.test, org);
        const { rows } = await attacker.attempt('select * from orgs.take_place(1000)');
        await attacker.close();
        return rows;
      };
      expect(await take({ ...testOrg(), owner: a.owner.id })).toEqual([{ taken: true }]);
      // One that has no place, as those of before and those with several Owners have none.
      await world.test.admin('delete from orgs.creations where org_id = $1', [a.id]);
      expect(await take({ ...testOrg(), id: a.id, owner: a.owner.id })).toEqual([]);
    });

    it('holds no transaction open while it asks identity', async () => {
      // A transaction, and nothing else of an idle connection, holds the lock on its own number.
      const open = (): Promise<unknown[]> =>
        world.test.admin(
          "select l.pid from pg_locks l join pg_stat_activity s using (pid) where l.locktype = 'virtualxid' and s.usename = 'orgs_app' and s.datname = current_database()",
        );
      const control = await Attacker.connect(world.test, testOrg());
      await control.plain('begin');
      expect(await open()).toHaveLength(1);
      await control.close();
      const found: unknown[] = [];
      world.identity.onRequest = async () => void found.push(await open());
      await world.asSelf(world.identity.person('creator'), CreateOrg, { slug: slug(), name: 'Made' });
      world.identity.onRequest = async () => undefined;
      expect(found).toEqual([[]]);
    });

    it.each(['api', 'www', 'admin', 'docs'])(
      'refuses the reserved slug %s as it refuses a taken one',
      async (reserved) => {
        const owner = world.identity.person('creator');
        const taken = await outcome(world.asSelf(owner, CreateOrg, { slug: a.slug, name: 'Taken' }));
        expect(await outcome(world.asSelf(owner, CreateOrg, { slug: reserved, name: 'Reserved' }))).toEqual(taken);
        expect(taken.code).toBe('slug_taken');
      },
    );

    it('refuses a time zone, language, currency and country that do not exist, naming each', async () => {
      const result = await outcome(
        world.asSelf(a.owner, CreateOrg, {
          slug: slug(),
          name: 'X',
          time_zone: 'Mars/Olympus',
          language: 'no language',
          currency: 'QQQ',
          country: 'ZZ',
        }),
      );
      expect(result.code).toBe('validation_failed');
      for (const field of ['time_zone', 'language', 'currency', 'country']) expect(result.told).toContain(`"${field}"`);
    });

    it('gives one slug to one of two who want it at once (H15)', async () => {
      for (let round = 0; round < 10; round += 1) {
        const wanted = slug();
        const codes = await Promise.all(
          ['one', 'two'].map((name) =>
            codeOf(world.asSelf(world.identity.person(name), CreateOrg, { slug: wanted, name })),
          ),
        );
        expect(codes.sort()).toEqual(['ok', 'slug_taken']);
      }
    });

    it('takes effect once for a repeated key, at once or later, and gives the same answer', async () => {
      const creator = world.identity.person('creator');
      const request = { slug: slug(), name: 'Once' };
      const key = newId();
      const replies = await Promise.all(
        Array.from({ length: 10 }, () => world.asSelf(creator, CreateOrg, request, key)),
      );
      for (const reply of replies) expect(reply).toEqual(replies[0]);
      expect(await world.asSelf(creator, CreateOrg, request, key)).toEqual(replies[0]);
      expect(await codeOf(world.asSelf(creator, CreateOrg, { ...request, name: 'Other' }, key))).toBe(
        'idempotency_mismatch',
      );
      expect((await world.asSelf(creator, ListMyOrgs, {})).items).toHaveLength(1);
    });
  });

  describe('settings', () => {
    it('change what is given, keep the rest, and count the version up', async () => {
      const before = await world.asMember(a, a.owner, GetOrg, {});
      const after = await world.asMember(a, a.owner, UpdateOrg, {
        name: 'Alpha renamed',
        time_zone: 'Europe/Dublin',
        if_match: before.version,
      });
      expect(after).toEqual({
        ...before,
        name: 'Alpha renamed',
        time_zone: 'Europe/Dublin',
        version: before.version + 1,
      });
      expect(await world.asMember(a, a.owner, GetOrg, {})).toEqual(after);
    });

    it('keep the currency that amounts of leads are in, and take another one while there are none', async () => {
      const leads = await testPeer('leads');
      const org = await world.org('amounts');
      const hold = newId();
      let amounts = true;
      const asked: unknown[] = [];
      const answer = (contract: RequestContract, reply: () => object) =>
        leads.connection.subscribe(subjectOf(contract, org.id), {
          queue: 'leads',
          callback: (_error, message) => {
            asked.push(message.json());
            leads.answer(message, reply());
          },
        });
      answer(HoldAmounts, () => ({ hold: amounts ? null : hold }));
      answer(ReleaseAmounts, () => ({ done: true }));
      await leads.connection.flush();
      const change = (currency: string, name = org.slug) =>
        outcome(world.asMember(org, org.owner, UpdateOrg, { currency, name }));
      expect((await change('USD', 'The same currency')).code).toBe('ok');
      expect(asked).toEqual([]);
      const refused = await change('EUR', 'Not renamed either');
      expect([refused.code, refused.told]).toEqual(['state_conflict', expect.stringContaining('amounts in USD')]);
      expect(await world.asMember(org, org.owner, GetOrg, {})).toMatchObject({
        currency: 'USD',
        name: 'The same currency',
      });
      amounts = false;
      asked.length = 0;
      expect(await change('EUR')).toMatchObject({ code: 'ok', reply: { currency: 'EUR' } });
      expect(asked).toEqual([{}, { hold, currency: 'EUR' }]);
      // What was held is released also where the change fails.
      const viewer = await world.member(org, 'viewer');
      asked.length = 0;
      const failed = await codeOf(world.asRole(org, viewer, 'admin', UpdateOrg, { currency: 'GBP' }));
      expect([failed, asked]).toEqual(['forbidden', [{}, { hold, currency: null }]]);
      await leads.close();
      expect((await change('GBP')).code).toBe('service_unavailable');
      expect(await world.asMember(org, org.owner, GetOrg, {})).toMatchObject({ currency: 'EUR' });
    });

    it('refuse a change based on an older version', async () => {
      const { version } = await world.asMember(a, a.owner, GetOrg, {});
      const late = (change: object) =>
        codeOf(world.asMember(a, a.owner, UpdateOrg, { ...change, if_match: version + 1 }));
      // Of a currency, before anybody else is asked: here nobody would answer.
      expect([await late({ name: 'Late' }), await late({ currency: 'CHF' })]).toEqual([
        'etag_mismatch',
        'etag_mismatch',
      ]);
    });

    it('count nothing up when nothing changes', async () => {
      const before = await world.asMember(a, a.owner, GetOrg, {});
      expect(await world.asMember(a, a.owner, UpdateOrg, { name: before.name })).toEqual(before);
    });

    it('are for Owners and Admins (H06), also for one whose token still says so (H10)', async () => {
      const admin = await world.member(a, 'admin');
      const member = await world.member(a, 'member');
      expect(await codeOf(world.asMember(a, admin, UpdateOrg, { name: 'By admin' }))).toBe('ok');
      expect(await codeOf(world.asMember(a, member, UpdateOrg, { name: 'By member' }))).toBe('forbidden');
      expect(await codeOf(world.asRole(a, member, 'admin', UpdateOrg, { name: 'By stale token' }))).toBe('forbidden');
    });

    it('that require a second factor are seen by the very next resolve', async () => {
      await world.asMember(b, b.owner, UpdateOrg, { mfa_required: true });
      expect((await world.access(b.slug, b.owner)).mfa_required).toBe(true);
      expect((await world.access(a.slug, a.owner)).mfa_required).toBe(false);
      await world.asMember(b, b.owner, UpdateOrg, { mfa_required: false });
    });

    it('of B change nothing of A, whatever is sent (H01, H05)', async () => {
      const before = await world.asMember(a, a.owner, GetOrg, {});
      expect(
        await codeOf(world.asRole(b, b.owner, 'owner', UpdateOrg, { name: 'B only', id: a.id, org_id: a.id } as never)),
      ).toBe('validation_failed');
      await world.asMember(b, b.owner, UpdateOrg, { name: 'B only' });
      expect(await world.asMember(a, a.owner, GetOrg, {})).toEqual(before);
    });
  });

  describe('suspension', () => {
    it("is the operators' alone", async () => {
      expect(await codeOf(world.asPlatform(SuspendOrg, { slug: a.slug }))).toBe('forbidden');
      expect((await world.access(a.slug, a.owner)).status).toBe('active');
    });

    it('shows at the next resolve, blocks commands that slipped in, and ends with resume; the other org goes on', async () => {
      const operator = newId();
      await world.asPlatform(SuspendOrg, { slug: b.slug, reason: 'unpaid' }, operator);
      expect((await world.access(b.slug, b.owner)).status).toBe('suspended');
      expect(await codeOf(world.asRole(b, b.owner, 'owner', UpdateOrg, { name: 'No' }))).toBe('org_suspended');
      expect(await codeOf(world.asRole(b, b.owner, 'owner', GetOrg, {}))).toBe('org_suspended');
      expect((await world.asSelf(b.owner, ListMyOrgs, {})).items).toEqual([
        expect.objectContaining({ slug: b.slug, status: 'suspended' }),
      ]);
      expect((await world.access(a.slug, a.owner)).status).toBe('active');
      await world.asPlatform(SuspendOrg, { slug: b.slug }, operator);
      await world.asPlatform(ResumeOrg, { slug: b.slug }, operator);
      expect((await world.access(b.slug, b.owner)).status).toBe('active');
      const logged = async (): Promise<string[]> =>
        (await world.asMember(b, b.owner, ListAuditLog, { actor_id: operator })).items.map(({ action }) => action);
      expect(await world.once(logged, (actions) => actions.length >= 2)).toEqual(['org.resumed', 'org.suspended']);
    });

    it('is not lifted, nor said to be, by any statement of the organization (A77)', async () => {
      const org = await world.org('held');
      await world.asPlatform(SuspendOrg, { slug: org.slug }, newId());
      const attacker = await Attacker.connect(world.test, { id: org.id, owner: org.owner.id } as TestOrg);
      const tell = (status: string, subject = org.id, more = ''): string =>
        `select orgs.write_event('orgs.org.changed.v1', '${subject}', '${org.owner.id}', null, 'r', null, '{"slug":"${org.slug}","time_zone":"UTC","currency":"USD","status":"${status}"${more}}')`;
      const told = async (): Promise<unknown> =>
        JSON.parse(
          String(
            (
              await world.test.admin(
                "select body from orgs.outbox where org_id = $1 and entity = 'org' order by entity_version desc limit 1",
                [org.id],
              )
            )[0]?.['body'],
          ),
        );
      const plant = (status: string): string =>
        `insert into orgs.organizations (org_id, id, slug, name, time_zone, language, currency, created_at, status) values ('${org.id}', '${newId()}', 'x', 'x', 'UTC', 'en', 'EUR', now(), ${status})`;
      for (const [statement, code] of [
        ["update orgs.organizations set status = 'active'", '42501'],
        ['update orgs.organizations set deleted_at = null, purge_after = null', '42501'],
        [`select orgs.decide_standing('${org.id}', 'active', null, '${org.owner.id}', 'r', null)`, '42501'],
        [`select orgs.mark_logged('${org.id}', 1)`, '42501'],
        ['select orgs.standings_to_log()', '42501'],
        ["update orgs.slugs set status = 'active'", '42501'],
        ["update orgs.standings set status = 'active'", '42501'],
        ['select from orgs.standings for share', '42501'],
        [plant("'active'"), '42501'],
        [plant('null').replace(', status) values', ') values').replace(', null)', ')'), '23514'],
        ['update orgs.organizations set version = 2147483647', '23514'],
        ["update orgs.organizations set time_zone = repeat('x', 61)", '23514'],
        ["update orgs.organizations set currency = 'EURO'", '23514'],
        ["update orgs.organizations set currency = '   '", '23514'],
        ["update orgs.organizations set time_zone = ' ' || chr(8206)", '23514'],
        [tell('active', newId()), '22023'],
        [tell('active').replace('changed', 'deleted'), '22023'],
        [tell('active').replace('org.changed', 'standing.decided'), '22023'],
      ] as const)
        expect([statement, (await attacker.commit(statement)).code]).toEqual([statement, code]);
      // Whatever it tells, what is so is told, in words that others understand.
      for (const lie of [
        tell('active'),
        tell('active', org.id, ',"x":1'),
        tell('active').replace('changed', 'created'),
      ]) {
        expect((await attacker.commit(lie)).code).toBeUndefined();
        expect(await told()).toEqual({ slug: org.slug, time_zone: 'UTC', currency: 'USD', status: 'suspended' });
      }
      // A deletion that would not have been let through does nothing.
      expect((await attacker.commit(`select orgs.close_org('${org.owner.id}', 'r', null) as until`)).rows).toEqual([
        { until: null },
      ]);
      await attacker.close();
      expect((await world.access(org.slug, org.owner)).status).toBe('suspended');
      await world.asPlatform(ResumeOrg, { slug: org.slug }, newId());
      expect((await world.access(org.slug, org.owner)).status).toBe('active');
    });

    it('of a slug nobody has is not found', async () => {
      expect(await codeOf(world.asPlatform(SuspendOrg, { slug: 'nobody-has-this' }, newId()))).toBe('org_not_found');
    });
  });

  describe('deletion', () => {
    it("is the Owner's alone and wants the slug typed (H06)", async () => {
      const org = await world.org('gamma');
      const admin = await world.member(org, 'admin');
      expect(await codeOf(world.asMember(org, admin, DeleteOrg, { confirm: org.slug }))).toBe('forbidden');
      expect(await codeOf(world.asRole(org, admin, 'owner', DeleteOrg, { confirm: org.slug }))).toBe('owner_required');
      expect(await codeOf(world.asMember(org, org.owner, DeleteOrg, { confirm: a.slug }))).toBe('validation_failed');
      const stale = { confirm: org.slug, if_match: 2 };
      expect(await codeOf(world.asMember(org, org.owner, DeleteOrg, stale))).toBe('etag_mismatch');
      expect((await world.access(org.slug, org.owner)).status).toBe('active');
    });

    it('keeps what there is for 30 days, whatever SQL names as its end', async () => {
      const org = await world.org('hasty');
      const attacker = await Attacker.connect(world.test, { id: org.id, owner: org.owner.id } as TestOrg);
      const left = 'select extract(day from purge_after - deleted_at)::int as days from orgs.organizations';
      for (const until of ["now() - interval '1 day'", "now() + interval '29 days'", "'infinity'", 'null'])
        expect((await attacker.attempt(`select orgs.delete_org(${until})`, left)).rows).toEqual([{ days: 30 }]);
      await attacker.close();
    });

    it('is told with whatever SQL does it, and by nobody who did not, also where the release before tells it too', async () => {
      const told = (org: WorldOrg): Promise<Record<string, unknown>[]> =>
        world.test.admin(
          `select o.actor, o.body::jsonb ->> 'purge_after' = to_char(g.purge_after at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as right from orgs.outbox o
           join orgs.organizations g using (org_id) where o.org_id = $1 and o.type = 'orgs.org.deleted.v1' order by o.entity_version`,
          [org.id],
        );
      const tell = (org: WorldOrg): string =>
        `select orgs.write_event('orgs.org.deleted.v1', '${org.id}', '${org.owner.id}', null, 'r', null, '{"purge_after":"2020-01-01T00:00:00.000Z"}')`;
      for (const [ending, times] of [
        [(org: WorldOrg) => [`select orgs.close_org('${org.owner.id}', 'r', null)`], 1],
        [() => ["select orgs.delete_org(now() + interval '29 days')"], 1],
        [(org: WorldOrg) => ["select orgs.delete_org(now() + interval '30 days')", tell(org)], 2],
      ] as const) {
        const org = await world.org('silent');
        const attacker = await Attacker.connect(world.test, { id: org.id, owner: org.owner.id } as TestOrg);
        expect((await attacker.commit(tell(org))).code).toBe('22023');
        expect((await attacker.attempt(`select orgs.close_org('${newId()}', 'r', null)`)).code).toBe('42501');
        expect((await attacker.commit(...ending(org))).code).toBeUndefined();
        expect((await attacker.commit(tell(org))).code).toBe('22023');
        await attacker.close();
        expect(await told(org)).toEqual(Array(times).fill({ actor: org.owner.id, right: true }));
        expect((await world.access(b.slug, b.owner)).status).toBe('active');
        expect(await told(b)).toEqual([]);
      }
      const org = await world.org('spoken');
      await world.asMember(org, org.owner, DeleteOrg, { confirm: org.slug });
      expect(await told(org)).toEqual([{ actor: org.owner.id, right: true }]);
    });

    it('stops everything at once, keeps the slug for good and says when the data goes', async () => {
      const org = await world.org('delta');
      const viewer = await world.member(org, 'viewer');
      const deletion = await world.asMember(org, org.owner, DeleteOrg, { confirm: org.slug });
      expect(deletion.deleted).toBe(true);
      const { deleted_at: at } = (
        await world.test.admin('select deleted_at from orgs.organizations where org_id = $1', [org.id])
      )[0] as { deleted_at: Date };
      expect(new Date(deletion.purge_after).getTime() - at.getTime()).toBeGreaterThanOrEqual(30 * 86_400_000);
      for (const person of [org.owner, viewer]) {
        const gone = await outcome(world.access(org.slug, person));
        expect(gone).toEqual(await outcome(world.access('no-such-org', person)));
        expect((await world.asSelf(person, ListMyOrgs, {})).items).toEqual([]);
      }
      expect(await codeOf(world.asRole(org, org.owner, 'owner', GetOrg, {}))).toBe('org_not_found');
      expect(await codeOf(world.asRole(org, org.owner, 'owner', UpdateOrg, { name: 'Back' }))).toBe('org_not_found');
      expect(await codeOf(world.asSelf(org.owner, CreateOrg, { slug: org.slug, name: 'Again' }))).toBe('slug_taken');
      expect(await codeOf(world.asPlatform(ResumeOrg, { slug: org.slug }, newId()))).toBe('org_not_found');
      expect((await world.access(a.slug, a.owner)).status).toBe('active');
    });
  });

  it("lists a person's own organizations with name and role, and nobody else's (H03)", async () => {
    const consultant = world.identity.person('consultant');
    await world.member(a, 'member', consultant);
    await world.member(b, 'viewer', consultant);
    const list = await world.asSelf(consultant, ListMyOrgs, {});
    expect(list.items.map(({ slug: mine, role }) => [mine, role])).toEqual([
      [a.slug, 'member'],
      [b.slug, 'viewer'],
    ]);
    expect((await world.asSelf(a.owner, ListMyOrgs, {})).items.map((org) => org.slug)).toEqual([a.slug]);
    expect(JSON.stringify(await world.asSelf(a.owner, ListMyOrgs, {}))).not.toContain(b.id);
  });
});
