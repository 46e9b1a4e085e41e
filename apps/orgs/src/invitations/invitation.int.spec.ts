import {
  AcceptInvitation,
  AcceptInvitationAsNew,
  ChangeMemberRole,
  CreateInvitation,
  DeleteOrg,
  GetInvitation,
  GetInvitationById,
  ListInvitations,
  ListMembers,
  RemoveMember,
  ResendInvitation,
  RevokeInvitation,
  SuspendOrg,
  UpdateOrg,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { Attacker, type TestOrg } from '@apollo/testing';
import { codeOf, outcome, OrgsWorld, type WorldOrg } from '../spec/orgs.world.spec.js';
import { INVITATIONS_A_DAY, PENDING_AT_ONCE } from './invitation.rules.js';
import { invitationTokenHash } from './invitation.token.js';

const password = 'correct horse battery';

describe('invitations', () => {
  let world: OrgsWorld;
  let a: WorldOrg;
  let b: WorldOrg;

  beforeAll(async () => {
    world = await OrgsWorld.start();
    a = await world.org('alpha');
    b = await world.org('beta');
  });
  afterAll(() => world.stop());

  const address = (): string => `someone-${newId().slice(-12)}@example.test`;
  const listed = async (org: WorldOrg, email: string): Promise<string[]> =>
    (await world.asMember(org, org.owner, ListInvitations, {})).items
      .filter((item) => item.email === email)
      .map((item) => item.status);
  const latest = async (org: WorldOrg, email: string): Promise<string> =>
    (await world.asMember(org, org.owner, ListInvitations, {})).items.find((item) => item.email === email)?.id ?? '';

  describe('the mail', () => {
    it('goes to the address in lower case, says who invites to what, and carries the token in the fragment and on its own line', async () => {
      const email = `Mixed.${address()}`;
      const { mail, token } = await world.mailed(email, () =>
        world.asMember(a, a.owner, CreateInvitation, { email, role: 'viewer' }),
      );
      expect(mail.to).toBe(email.toLowerCase());
      expect(mail.subject).toContain('alpha');
      expect(mail.links).toEqual([`http://apollo.test/invitations#token=${token}`]);
      expect(mail.text.split(/\r?\n/)).toContain(token);
      expect(token.length).toBeGreaterThanOrEqual(43);
    });

    it('shows an organization by its name, and nothing that a mail program makes a link of', async () => {
      const org = await world.org('gamma');
      await world.asMember(org, org.owner, UpdateOrg, {
        name: 'Prize at https://evil.example/now, Inc. www.evil.example',
      });
      const email = address();
      const { mail } = await world.mailed(email, () =>
        world.asMember(org, org.owner, CreateInvitation, { email, role: 'viewer' }),
      );
      const shown = 'Prize at https evil example now, Inc. www evil example';
      expect(mail.subject).toBe(`Invitation to ${shown}`);
      expect(mail.text).toContain(`You are invited to join "${shown}" on`);
      expect(mail.links).toHaveLength(1);
    });

    it('comes to an address a few times a day from one organization, whether anew or again', async () => {
      const [org, email] = [await world.org('delta'), address()];
      const invite = (to: string, by = org): Promise<string> =>
        codeOf(world.asMember(by, by.owner, CreateInvitation, { email: to, role: 'viewer' }));
      const resend = async (): Promise<string> =>
        codeOf(world.asMember(org, org.owner, ResendInvitation, { id: await latest(org, email) }));
      expect([await invite(email), await resend(), await invite(email), await resend()]).toEqual(Array(4).fill('ok'));
      await world.asMember(org, org.owner, RevokeInvitation, { id: await latest(org, email) });
      expect([await invite(email.toUpperCase()), await invite(email), await resend()]).toEqual([
        'ok',
        'rate_limited',
        'rate_limited',
      ]);
      expect(await listed(org, email)).toEqual(['pending', 'revoked', 'superseded', 'superseded', 'superseded']);
      expect([await invite(address()), await invite(email, b)]).toEqual(['ok', 'ok']);
      await world.test.admin(
        `update orgs.invitations set created_at = created_at - interval '24 hours' where org_id = $1 and email = $2`,
        [org.id, email],
      );
      expect(await invite(email)).toBe('ok');
    });

    it('is sent by an organization a bounded number of times a day, to whomever, also where many are sent at once', async () => {
      const org = await world.org('flood');
      const sent = (count: number): Promise<unknown> =>
        world.test.admin(
          `insert into orgs.invitations (org_id, id, email, role, status, invited_by, created_at, expires_at)
           select $1, uuidv7(), 'sent-' || uuidv7() || '@example.test', 'viewer', 'revoked', $2, now(), now() + interval '7 days' from generate_series(1, $3)`,
          [org.id, org.owner.id, count],
        );
      await sent(INVITATIONS_A_DAY - 3);
      const invite = (by: WorldOrg) =>
        codeOf(world.asMember(by, by.owner, CreateInvitation, { email: address(), role: 'viewer' }));
      const attacker = await Attacker.connect(world.test, { id: org.id, owner: org.owner.id } as TestOrg);
      for (const younger of [
        "update orgs.invitations set created_at = now() - interval '8 days'",
        "update orgs.invitations set email = 'another@example.test'",
      ])
        expect([younger, (await attacker.commit(younger)).code]).toEqual([younger, '42501']);
      await attacker.close();
      const codes = await Promise.all(Array.from({ length: 10 }, () => invite(org)));
      expect(codes.filter((code) => code === 'ok')).toHaveLength(3);
      expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(7);
      expect(await invite(b)).toBe('ok');
      await world.test.admin(
        "update orgs.invitations set created_at = created_at - interval '24 hours' where org_id = $1",
        [org.id],
      );
      expect(await invite(org)).toBe('ok');
    });

    it('is one of a bounded number that wait at a time, and room is made by revoking one', async () => {
      const org = await world.org('waiting');
      await world.test.admin(
        `insert into orgs.invitations (org_id, id, email, role, status, invited_by, created_at, expires_at)
         select $1, uuidv7(), 'waits-' || n || '@example.test', 'viewer', 'pending', $2, now() - interval '2 days', now() + interval '5 days' from generate_series(1, $3) n`,
        [org.id, org.owner.id, PENDING_AT_ONCE],
      );
      const invite = () =>
        codeOf(world.asMember(org, org.owner, CreateInvitation, { email: address(), role: 'viewer' }));
      expect([await invite(), await invite()]).toEqual(['state_conflict', 'state_conflict']);
      const [waiting] = (await world.asMember(org, org.owner, ListInvitations, { limit: 1 })).items;
      await world.asMember(org, org.owner, RevokeInvitation, { id: waiting?.id ?? '' });
      expect([await invite(), await invite()]).toEqual(['ok', 'state_conflict']);
      await world.test.admin(
        "update orgs.invitations set expires_at = now() where org_id = $1 and email = 'waits-1@example.test'",
        [org.id],
      );
      expect(await invite()).toBe('ok');
    });

    it('is the only place the token is in: the database holds its hash (H13)', async () => {
      const token = await world.invite(a, a.owner, address(), 'member');
      for (const table of ['invitations', 'invitation_links', 'org_commands', 'audit_entries']) {
        const rows = await world.test.admin(`select * from orgs.${table}`);
        expect(JSON.stringify(rows)).not.toContain(token);
      }
    });
  });

  describe('accepting', () => {
    it('shows the holder what it is about before', async () => {
      const email = address();
      const token = await world.invite(a, a.owner, email, 'member');
      const preview = await world.asPlatform(GetInvitation, { token });
      expect(preview).toMatchObject({ org_slug: a.slug, email, role: 'member' });
      expect(new Date(preview.expires_at).getTime() - Date.now()).toBeGreaterThan(6.99 * 86_400_000);
    });

    it('with an account joins, and the next resolve lets in', async () => {
      const person = world.identity.person('joiner');
      const token = await world.invite(a, a.owner, person.email, 'admin');
      expect(await world.asSelf(person, AcceptInvitation, { token })).toEqual({
        org_slug: a.slug,
        role: 'admin',
        user_id: person.id,
      });
      expect((await world.access(a.slug, person)).role).toBe('admin');
      expect(await listed(a, person.email.toLowerCase())).toEqual(['accepted']);
      expect(await codeOf(world.access(b.slug, person))).toBe('org_not_found');
    });

    it('without an account creates the one it is bound to, and joins', async () => {
      const email = address();
      const token = await world.invite(a, a.owner, email, 'viewer');
      const acceptance = await world.asPlatform(AcceptInvitationAsNew, { token, name: 'New Person', password });
      expect(world.identity.people.get(acceptance.user_id)).toMatchObject({ email, name: 'New Person' });
      const members = await world.asMember(a, a.owner, ListMembers, { limit: 200 });
      expect(members.items).toContainEqual(
        expect.objectContaining({ user_id: acceptance.user_id, email, name: 'New Person', role: 'viewer' }),
      );
    });

    it('is for the address it was mailed to, whatever a statement of the organization writes (A77)', async () => {
      const [victim, own] = [address(), address()];
      const genuine = await world.invite(a, a.owner, own, 'viewer');
      const attacker = await Attacker.connect(world.test, { id: a.id, owner: a.owner.id } as TestOrg);
      const people = world.identity.people.size;
      const accept = (token: string) =>
        codeOf(world.asPlatform(AcceptInvitationAsNew, { token, name: 'Thief', password }));
      for (const token of ['x'.repeat(43), 'y'.repeat(86), Buffer.alloc(64, 7).toString('base64url')]) {
        const id = newId();
        const planted = await attacker.commit(
          `insert into orgs.invitations (org_id, id, email, role, status, invited_by, created_at, expires_at)
           values ('${a.id}', '${id}', 'victim-${id}@example.test', 'viewer', 'pending', '${a.owner.id}', now(), now() + interval '7 days')`,
          `select orgs.open_link('${invitationTokenHash(token)}', '${id}')`,
        );
        expect(planted.code).toBeUndefined();
        expect(await accept(token)).toBe('link_used');
      }
      for (const [change, back] of [
        [`email = '${victim}'`, `email = '${own}'`],
        ["role = 'owner'", "role = 'viewer'"],
      ]) {
        const where = `where org_id = '${a.id}' and status = 'pending' and email in ('${own}', '${victim}')`;
        // The address is not the organization's to change either; its link is of one address all the same.
        await world.test.admin(`update orgs.invitations set ${change} ${where}`);
        expect(await accept(genuine)).toBe('link_used');
        expect(await codeOf(world.asPlatform(GetInvitation, { token: genuine }))).toBe('link_used');
        await world.test.admin(`update orgs.invitations set ${back} ${where}`);
      }
      await attacker.close();
      expect(world.identity.people.size).toBe(people);
      expect(await accept(genuine)).toBe('ok');
    });

    it('without an account is refused where the address has one', async () => {
      const person = world.identity.person('known');
      person.email = person.email.toLowerCase();
      const token = await world.invite(a, a.owner, person.email, 'viewer');
      expect(await codeOf(world.asPlatform(AcceptInvitationAsNew, { token, name: 'Twin', password }))).toBe(
        'state_conflict',
      );
      expect(await codeOf(world.asSelf(person, AcceptInvitation, { token }))).toBe('ok');
    });

    it('twice is refused the second time, by the same person or another (H11)', async () => {
      const person = world.identity.person('twice');
      const token = await world.invite(a, a.owner, person.email, 'viewer');
      await world.asSelf(person, AcceptInvitation, { token });
      expect(await codeOf(world.asSelf(person, AcceptInvitation, { token }))).toBe('link_used');
      expect(await codeOf(world.asSelf(world.identity.person('other'), AcceptInvitation, { token }))).toBe('link_used');
      expect(await codeOf(world.asPlatform(AcceptInvitationAsNew, { token, name: 'Late', password }))).toBe(
        'link_used',
      );
      expect(await codeOf(world.asPlatform(GetInvitation, { token }))).toBe('link_used');
    });

    it('twenty times at once takes effect once (H11)', async () => {
      const person = world.identity.person('racer');
      const token = await world.invite(a, a.owner, person.email, 'viewer');
      const codes = await Promise.all(
        Array.from({ length: 20 }, () => codeOf(world.asSelf(person, AcceptInvitation, { token }))),
      );
      expect(codes.filter((code) => code === 'ok')).toHaveLength(1);
      expect(codes.filter((code) => code === 'link_used')).toHaveLength(19);
    });

    it('again with the same key gives the same answer', async () => {
      const email = address();
      const token = await world.invite(a, a.owner, email, 'viewer');
      const key = newId();
      const request = { token, name: 'Repeated', password };
      const first = await world.asPlatform(AcceptInvitationAsNew, request, undefined, key);
      expect(await world.asPlatform(AcceptInvitationAsNew, request, undefined, key)).toEqual(first);
    });

    it('by an account with another address is refused and recorded, and leaves the invitation as it was (H12)', async () => {
      const invited = world.identity.person('invited');
      const thief = world.identity.person('thief');
      const token = await world.invite(a, a.owner, invited.email, 'admin');
      expect(await codeOf(world.asSelf(thief, AcceptInvitation, { token }))).toBe('wrong_recipient');
      expect(await codeOf(world.access(a.slug, thief))).toBe('org_not_found');
      // What becomes of a stranger's attempt is written after the reply.
      const entries = await world.once(
        async () => (await world.audit(a)).filter((entry) => entry['actor'] === thief.id),
        (seen) => seen.length > 1,
      );
      expect(entries).toEqual([
        expect.objectContaining({
          outcome: 'denied',
          action: 'orgs.accept-invitation.v1',
          detail: { code: 'wrong_recipient' },
        }),
        expect.objectContaining({
          outcome: 'denied',
          action: 'orgs.resolve-access.v1',
          detail: { code: 'org_not_found' },
        }),
      ]);
      expect(await codeOf(world.asSelf(invited, AcceptInvitation, { token }))).toBe('ok');
    });

    it('of a member is refused', async () => {
      const person = await world.member(a, 'viewer');
      expect(
        await codeOf(
          world.asMember(a, a.owner, CreateInvitation, { email: person.email.toUpperCase(), role: 'admin' }),
        ),
      ).toBe('already_member');
    });
  });

  describe('a link that works no more', () => {
    it('gives one answer, unknown, used, revoked, replaced, expired or powerless alike (H12, H13, H14)', async () => {
      const unknown = await outcome(world.asPlatform(GetInvitation, { token: 'x'.repeat(43) }));
      expect(unknown.code).toBe('link_used');
      const email = address();
      const dead: string[] = [];

      const revoked = await world.invite(a, a.owner, email, 'viewer');
      await world.asMember(a, a.owner, RevokeInvitation, { id: await latest(a, email) });
      dead.push(revoked);

      const replaced = await world.invite(a, a.owner, email, 'viewer');
      const again = await world.mailed(email, async () =>
        world.asMember(a, a.owner, ResendInvitation, { id: await latest(a, email) }),
      );
      dead.push(replaced);
      expect(await codeOf(world.asPlatform(GetInvitation, { token: again.token }))).toBe('ok');

      const replacedByNew = again.token;
      const expired = await world.invite(a, a.owner, email, 'member');
      dead.push(replacedByNew);
      await world.test.admin("update orgs.invitations set expires_at = now() - interval '1 second' where id = $1", [
        await latest(a, email),
      ]);
      dead.push(expired);

      const admin = await world.member(a, 'admin');
      const powerless = await world.invite(a, admin, address(), 'viewer');
      await world.asMember(a, a.owner, ChangeMemberRole, { user_id: admin.id, role: 'member' });
      dead.push(powerless);

      for (const token of dead) {
        expect(await outcome(world.asPlatform(GetInvitation, { token }))).toEqual(unknown);
        expect(await outcome(world.asPlatform(AcceptInvitationAsNew, { token, name: 'N', password }))).toEqual(unknown);
        expect(await outcome(world.asSelf(world.identity.person('p'), AcceptInvitation, { token }))).toEqual(unknown);
      }
      expect(await listed(a, email)).toEqual(['expired', 'superseded', 'superseded', 'revoked']);
      expect(world.identity.people.size).toBeGreaterThan(0);
      expect([...world.identity.people.values()].some((person) => person.email === email)).toBe(false);
    });

    it('is one whose inviter was removed or demoted in between, and works again when the power is back', async () => {
      const admin = await world.member(a, 'admin');
      const person = world.identity.person('guest');
      const token = await world.invite(a, admin, person.email, 'viewer');
      await world.asMember(a, a.owner, ChangeMemberRole, { user_id: admin.id, role: 'viewer' });
      expect(await codeOf(world.asSelf(person, AcceptInvitation, { token }))).toBe('link_used');
      expect((await world.audit(a)).at(-1)).toMatchObject({
        actor: person.id,
        outcome: 'denied',
        detail: { code: 'inviter_lost_power' },
      });
      await world.asMember(a, a.owner, ChangeMemberRole, { user_id: admin.id, role: 'admin' });
      expect(await codeOf(world.asPlatform(GetInvitation, { token }))).toBe('ok');
      await world.asMember(a, a.owner, RemoveMember, { user_id: admin.id });
      expect(await codeOf(world.asSelf(person, AcceptInvitation, { token }))).toBe('link_used');
    });

    it('is one to Owner whose inviter is an Owner no more', async () => {
      const second = await world.member(b, 'owner');
      const person = world.identity.person('heir');
      const token = await world.invite(b, second, person.email, 'owner');
      await world.asMember(b, b.owner, ChangeMemberRole, { user_id: second.id, role: 'admin' });
      expect(await codeOf(world.asSelf(person, AcceptInvitation, { token }))).toBe('link_used');
    });

    it('is one of an organization that was suspended or deleted since', async () => {
      for (const end of ['suspend', 'delete'] as const) {
        const org = await world.org(end);
        const person = world.identity.person('late');
        const token = await world.invite(org, org.owner, person.email, 'viewer');
        if (end === 'suspend') await world.asPlatform(SuspendOrg, { slug: org.slug }, newId());
        else await world.asMember(org, org.owner, DeleteOrg, { confirm: org.slug });
        expect(await codeOf(world.asSelf(person, AcceptInvitation, { token }))).toBe('link_used');
        expect(await codeOf(world.asPlatform(GetInvitation, { token }))).toBe('link_used');
      }
    });

    it('settles one thing only when it is accepted and revoked in the same instant', async () => {
      for (let round = 0; round < 10; round += 1) {
        const person = world.identity.person('instant');
        const token = await world.invite(a, a.owner, person.email, 'viewer');
        const id = await latest(a, person.email.toLowerCase());
        const [accepted, revoked] = await Promise.all([
          codeOf(world.asSelf(person, AcceptInvitation, { token })),
          codeOf(world.asMember(a, a.owner, RevokeInvitation, { id })),
        ]);
        expect([
          ['ok', 'state_conflict'],
          ['link_used', 'ok'],
        ]).toContainEqual([accepted, revoked]);
      }
    });
  });

  describe('who may', () => {
    it('invite is decided by role: Viewers and Members nobody, Admins no Owner (H06, H07)', async () => {
      for (const [role, to, expected] of [
        ['viewer', 'viewer', 'forbidden'],
        ['member', 'viewer', 'forbidden'],
        ['admin', 'owner', 'owner_required'],
        ['admin', 'admin', 'ok'],
        ['owner', 'owner', 'ok'],
      ] as const) {
        const actor = await world.member(a, role);
        expect([
          role,
          to,
          await codeOf(world.asMember(a, actor, CreateInvitation, { email: address(), role: to })),
        ]).toEqual([role, to, expected]);
      }
    });

    it('revoke, renew or replace an invitation to Owner: Owners only', async () => {
      const admin = await world.member(a, 'admin');
      const email = address();
      await world.invite(a, a.owner, email, 'owner');
      const id = await latest(a, email);
      expect(await codeOf(world.asMember(a, admin, RevokeInvitation, { id }))).toBe('owner_required');
      expect(await codeOf(world.asMember(a, admin, ResendInvitation, { id }))).toBe('owner_required');
      expect(await codeOf(world.asMember(a, admin, CreateInvitation, { email, role: 'viewer' }))).toBe(
        'owner_required',
      );
      expect(await listed(a, email)).toEqual(['pending']);
    });

    it('touch an invitation of another organization: nobody, and it looks like none (H01, H25)', async () => {
      const email = address();
      await world.invite(b, b.owner, email, 'viewer');
      const id = await latest(b, email);
      for (const contract of [GetInvitationById, RevokeInvitation, ResendInvitation] as (typeof GetInvitationById)[]) {
        const foreign = await outcome(world.asMember(a, a.owner, contract, { id }));
        expect(foreign).toEqual(await outcome(world.asMember(a, a.owner, contract, { id: newId() })));
        expect(foreign.code).toBe('not_found');
      }
      expect(JSON.stringify(await world.asMember(a, a.owner, ListInvitations, { limit: 200 }))).not.toContain(email);
      expect(await listed(b, email)).toEqual(['pending']);
    });

    it('do anything to one that is settled: nobody', async () => {
      const person = await world.member(a, 'viewer');
      const id = await latest(a, person.email.toLowerCase());
      expect(await codeOf(world.asMember(a, a.owner, RevokeInvitation, { id }))).toBe('state_conflict');
      expect(await codeOf(world.asMember(a, a.owner, ResendInvitation, { id }))).toBe('state_conflict');
    });
  });

  it('of one address may be pending in two organizations, neither knowing of the other (H15)', async () => {
    const person = world.identity.person('wanted');
    const [forA, forB] = [
      await world.invite(a, a.owner, person.email, 'viewer'),
      await world.invite(b, b.owner, person.email, 'member'),
    ];
    expect((await world.asSelf(person, AcceptInvitation, { token: forB })).org_slug).toBe(b.slug);
    expect((await world.asSelf(person, AcceptInvitation, { token: forA })).org_slug).toBe(a.slug);
  });
});
