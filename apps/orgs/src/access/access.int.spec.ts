import { setTimeout as sleep } from 'node:timers/promises';
import {
  AcceptInvitation,
  ChangeMemberRole,
  DeleteOrg,
  GetStanding,
  ListOrgEntityEvents,
  ListOrgEventHeads,
  LeaveOrg,
  ListAccessChanges,
  RecordDenial,
  RemoveMember,
  ResumeOrg,
  SuspendOrg,
  UpdateOrg,
} from '@apollo/contracts';
import { HEADER } from '@apollo/messaging';
import { newId, runInTenantContext } from '@apollo/tenancy';
import { Attacker, testOrg, testPeer, until } from '@apollo/testing';
import { codeOf, outcome, OrgsWorld, type WorldOrg } from '../spec/orgs.world.spec.js';

describe('access', () => {
  let world: OrgsWorld;
  let a: WorldOrg;
  let b: WorldOrg;
  /** What a gateway heard, and in which order with the replies it got. */
  const heard: string[] = [];

  beforeAll(async () => {
    world = await OrgsWorld.start();
    a = await world.org('alpha');
    b = await world.org('beta');
    world.gateway.connection.subscribe('evt.*.orgs.access.changed.v1', {
      callback: (_error, message) => {
        heard.push(`${message.headers?.get(HEADER.org)} ${message.json<{ user_id: string | null }>().user_id}`);
      },
    });
    await world.gateway.connection.flush();
  });
  afterAll(() => world.stop());

  /** What had been heard when the reply of `request` came. */
  const heardBefore = async (request: () => Promise<unknown>): Promise<string[]> => {
    heard.length = 0;
    await request();
    return [...heard];
  };

  it('tells organization, role, status and version to a member', async () => {
    const person = await world.member(a, 'viewer');
    expect(await world.access(a.slug, person)).toEqual({
      org_id: a.id,
      role: 'viewer',
      status: 'active',
      mfa_required: false,
      membership_version: 1,
    });
  });

  it('tells a service that works for somebody where they stand now, also once the organization is suspended or deleted', async () => {
    const org = await world.org('stood-in');
    const person = await world.member(org, 'member');
    const leads = await testPeer('leads');
    const standing = (of: { id: string }, user: { id: string }) =>
      runInTenantContext(
        { scope: 'org', orgId: of.id, actor: 'system:leads', role: 'system', requestId: newId() },
        () => leads.bus.request(GetStanding, { user_id: user.id }),
      );
    const known = { status: 'active', role: 'member', sign_outs: 0, mfa_required: false };
    expect(await standing(org, person)).toEqual(known);
    world.identity.signOuts.set(person.id, 2);
    expect(await standing(org, person)).toEqual({ ...known, sign_outs: 2 });
    await world.asMember(org, org.owner, UpdateOrg, { mfa_required: true });
    expect(await standing(org, person)).toEqual({ ...known, sign_outs: 2, mfa_required: true });
    expect(await standing(b, person)).toEqual({ status: 'active', role: null });
    await world.asPlatform(SuspendOrg, { slug: org.slug }, newId());
    expect(await standing(org, person)).toMatchObject({ status: 'suspended', role: 'member', sign_outs: 2 });
    await world.asPlatform(ResumeOrg, { slug: org.slug }, newId());
    await world.asMember(org, org.owner, RemoveMember, { user_id: person.id });
    expect(await standing(org, person)).toEqual({ status: 'active', role: null });
    await world.asMember(org, org.owner, DeleteOrg, { confirm: org.slug });
    expect(await standing(org, org.owner)).toMatchObject({ status: 'deleted' });
    expect(await standing({ id: newId() }, person)).toEqual({ status: 'deleted', role: null });
    await leads.close();
  });

  it.each([
    ['leads', 'member', 'org'],
    ['billing-stars', 'org', 'member'],
  ] as const)(
    'tells %s of what it takes events of, a %s, and of no %s: of any organization, and by any key',
    async (service, taken, other) => {
      const peer = await testPeer(service);
      const actor = `system:${service}`;
      const kinds = (entities?: string[]): Promise<string[]> =>
        runInTenantContext({ scope: 'platform', orgId: null, actor, role: 'system', requestId: newId() }, async () => {
          const { items } = await peer.bus.request(ListOrgEventHeads, { ...(entities && { entities }) });
          return [...new Set(items.map(({ entity }) => entity))];
        });
      await until(async () => (await kinds()).includes(taken));
      expect(await kinds()).not.toContain(other);
      expect(await kinds([other])).toEqual([]);
      const events = (entity: string, id: string) =>
        runInTenantContext({ scope: 'org', orgId: a.id, actor, role: 'system', requestId: newId() }, () =>
          peer.bus.request(ListOrgEntityEvents, { entity, entity_id: id, after: 0 }),
        );
      const ids = { org: a.id, member: a.owner.id };
      expect((await events(taken, ids[taken])).items.length).toBeGreaterThan(0);
      expect(await codeOf(events(other, ids[other]))).toBe('forbidden');
      await peer.close();
    },
  );

  it('answers a stranger as if there were no such organization, word for word (H02, H14, H15)', async () => {
    const missing = await outcome(world.access('no-such-organization', a.owner));
    expect(await outcome(world.access(b.slug, a.owner))).toEqual(missing);
    expect(await outcome(world.access(a.slug, { id: newId() }))).toEqual(missing);
    expect(missing.code).toBe('org_not_found');
    expect(missing.told).not.toContain(b.slug);
  });

  it('takes a stranger as long as a missing organization (H14)', async () => {
    const stranger = world.identity.person('timer');
    const times: Record<'missing' | 'foreign', number[]> = { missing: [], foreign: [] };
    for (let round = 0; round < 300; round += 1) {
      for (const kind of ['missing', 'foreign'] as const) {
        const started = performance.now();
        await codeOf(world.access(kind === 'missing' ? `no-such-${round}` : b.slug, stranger));
        times[kind].push(performance.now() - started);
      }
    }
    const median = (values: number[]): number => [...values].sort((x, y) => x - y)[values.length / 2] ?? 0;
    expect(Math.abs(median(times.foreign) - median(times.missing))).toBeLessThan(0.5 * median(times.missing));
  });

  it("records a stranger's attempts in the organization they were made at, once a minute, and nowhere else", async () => {
    const org = await world.org('watched');
    const stranger = world.identity.person('stranger');
    for (let attempt = 0; attempt < 5; attempt += 1) await codeOf(world.access(org.slug, stranger));
    await codeOf(world.access('no-such-organization', stranger));
    const written = (actor: string) => () =>
      world.test.admin('select org_id, outcome, action, actor from orgs.audit_entries where actor = $1', [actor]);
    // Whoever comes later is written later: by then, what the first one left is complete.
    const later = world.identity.person('later');
    await codeOf(world.access(org.slug, later));
    await world.once(written(later.id), (seen) => seen.length > 0);
    const entries = await world.once(written(stranger.id), (seen) => seen.length > 0);
    expect(entries).toEqual([
      { org_id: org.id, outcome: 'denied', action: 'orgs.resolve-access.v1', actor: stranger.id },
    ]);
  });

  it('changes are announced before the reply of what changed them: role, removal, leaving, joining (H09, H10)', async () => {
    const person = world.identity.person('changing');
    const token = await world.invite(a, a.owner, person.email, 'member');
    const about = `${a.id} ${person.id}`;
    expect(await heardBefore(() => world.asSelf(person, AcceptInvitation, { token }))).toEqual([about]);
    expect(
      await heardBefore(() => world.asMember(a, a.owner, ChangeMemberRole, { user_id: person.id, role: 'viewer' })),
    ).toEqual([about]);
    expect(await heardBefore(() => world.asMember(a, a.owner, RemoveMember, { user_id: person.id }))).toEqual([about]);
    const leaver = await world.member(a, 'viewer');
    expect(await heardBefore(() => world.asMember(a, leaver, LeaveOrg, {}))).toEqual([`${a.id} ${leaver.id}`]);
  });

  it("changes of everybody's are announced for everybody: second factor, suspension, deletion", async () => {
    const org = await world.org('all');
    const everybody = [`${org.id} null`];
    expect(await heardBefore(() => world.asMember(org, org.owner, UpdateOrg, { mfa_required: true }))).toEqual(
      everybody,
    );
    expect(await heardBefore(() => world.asPlatform(SuspendOrg, { slug: org.slug }, newId()))).toEqual(everybody);
    expect(await heardBefore(() => world.asPlatform(ResumeOrg, { slug: org.slug }, newId()))).toEqual(everybody);
    expect(await heardBefore(() => world.asMember(org, org.owner, DeleteOrg, { confirm: org.slug }))).toEqual(
      everybody,
    );
  });

  it('changes that were refused or changed nothing are not announced', async () => {
    expect(await heardBefore(() => codeOf(world.asMember(a, a.owner, LeaveOrg, {})))).toEqual([]);
    expect(
      await heardBefore(() => world.asMember(a, a.owner, ChangeMemberRole, { user_id: a.owner.id, role: 'owner' })),
    ).toEqual([]);
    expect(await heardBefore(() => world.asMember(a, a.owner, UpdateOrg, { name: 'Other name' }))).toEqual([]);
  });

  it('changes are on record for whoever asks what changed since: role, removal, suspension, deletion', async () => {
    const org = await world.org('recorded');
    const person = await world.member(org, 'member');
    let { mark } = await world.asPlatform(ListAccessChanges, {}, newId());
    const since = async (): Promise<unknown[]> => {
      const answer = await world.asPlatform(ListAccessChanges, { mark }, newId());
      mark = answer.mark;
      return answer.items.filter(({ org_id }) => org_id === org.id).map(({ user_id }) => user_id);
    };
    /** A change is told again for as long as a transaction older than it is open, of anybody on this server. */
    const nothingNew = async (): Promise<void> => {
      const end = Date.now() + 30_000;
      while ((await since()).length > 0) {
        if (Date.now() > end) throw new Error('The same changes were told for half a minute.');
        await sleep(50);
      }
    };
    await nothingNew();
    await world.asMember(org, org.owner, ChangeMemberRole, { user_id: person.id, role: 'viewer' });
    expect(await since()).toEqual([person.id]);
    await nothingNew();
    await world.asMember(org, org.owner, RemoveMember, { user_id: person.id });
    expect(await since()).toEqual([person.id]);
    await nothingNew();
    await world.asPlatform(SuspendOrg, { slug: org.slug }, newId());
    expect(await since()).toEqual([null]);
    await nothingNew();
    await world.asPlatform(ResumeOrg, { slug: org.slug }, newId());
    await nothingNew();
    await world.asMember(org, org.owner, DeleteOrg, { confirm: org.slug });
    expect(await since()).toContain(null);
  });

  it('changes that were still open when somebody asked are in the next answer', async () => {
    const org = newId();
    const slow = await Attacker.connect({ ...world.test, appUrl: world.test.adminUrl }, testOrg());
    const written = await slow.plain(
      'begin',
      `insert into orgs.access_changes (id, org_id, changed_in, at) values ('${org}', '${org}', pg_current_xact_id()::text::bigint, now())`,
    );
    expect(written.code).toBeUndefined();
    // Younger transactions commit first.
    await world.org('overtaking');
    const before = await world.asPlatform(ListAccessChanges, {}, newId());
    await slow.plain('commit');
    await slow.close();
    const after = await world.asPlatform(ListAccessChanges, { mark: before.mark }, newId());
    expect(after.items).toContainEqual({ org_id: org, user_id: null });
  });

  it("denied by the gateway is recorded as the member's own attempt", async () => {
    const viewer = await world.member(a, 'viewer');
    await world.asMember(a, viewer, RecordDenial, { action: 'leads.write', request_type: 'leads.create-lead.v1' });
    expect((await world.audit(a)).at(-1)).toMatchObject({
      actor: viewer.id,
      outcome: 'denied',
      action: 'leads.create-lead.v1',
      detail: { code: 'forbidden', permission: 'leads.write' },
    });
  });

  it('denied so often that the gateway could not have each recorded is recorded with how often', async () => {
    const viewer = await world.member(a, 'viewer');
    const denial = { action: 'leads.write', request_type: 'leads.create-lead.v1', not_recorded: 17 };
    await world.asMember(a, viewer, RecordDenial, denial);
    expect((await world.audit(a)).at(-1)).toMatchObject({
      outcome: 'denied',
      action: 'orgs.record-denial.v1',
      detail: { not_recorded: 17, newest: 'leads.create-lead.v1' },
    });
  });
});
