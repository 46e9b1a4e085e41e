import { Activate, CreateInvitedAccount, DescribePerson, IssueAccessGrant } from '@apollo/contracts';
import { AuditTrail, CursorCodec } from '@apollo/service-kit';
import { rowsOf, type TestOrg, twoOrgs } from '@apollo/testing';
import { anAddress, codeOf, IdentityWorld, PASSWORD, toldBy } from '../spec/identity.world.spec.js';

const DAY_MS = 24 * 3_600_000;

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
});
afterAll(() => world.stop());

const grant = (email: string) => world.ask(IssueAccessGrant, { email }, { operator: world.operator });
const activate = (token: string, more: object = {}) =>
  world.ask(Activate, { token, name: 'Nora', password: PASSWORD, ...more });

describe('an access grant', () => {
  it('mails a link that makes an account which may create organizations', async () => {
    const email = anAddress('consultant');
    const granted = await grant(email);
    const mail = await world.mail(email, ([first]) => first);
    const token = await world.token(email);
    expect(mail.links[0]).toBe(`http://apollo.test/activate#token=${token}`);
    expect(mail.text.split('\n')).toContain(token);
    expect(new Date(granted.expires_at).getTime() - world.now().getTime()).toBeGreaterThan(6.9 * DAY_MS);

    const account = await activate(token);
    expect(account).toMatchObject({ email, name: 'Nora' });
    expect(await world.asOrgs(DescribePerson, { id: account.id })).toEqual({ ...account, may_create_orgs: true });
    expect((await world.login({ email })).token_type).toBe('Bearer');
  });

  it('is for operators only', async () => {
    expect(await codeOf(world.ask(IssueAccessGrant, { email: anAddress('x') }))).toBe('forbidden');
  });

  it('H11 works once', async () => {
    const email = anAddress('once');
    await grant(email);
    const token = await world.token(email);
    const outcomes = await Promise.all([codeOf(activate(token)), codeOf(activate(token)), codeOf(activate(token))]);
    expect(outcomes.sort()).toEqual(['link_used', 'link_used', 'ok']);
    expect(await codeOf(activate(token))).toBe('link_used');
  });

  it('H11 is replaced when it is issued again', async () => {
    const email = anAddress('again');
    await grant(email);
    const first = await world.token(email, 1);
    await grant(email.toUpperCase());
    const second = await world.token(email, 2);
    expect(await codeOf(activate(first))).toBe('link_used');
    expect(await codeOf(activate(second))).toBe('ok');
  });

  it('H11 expires after seven days', async () => {
    const email = anAddress('late');
    await grant(email);
    const token = await world.token(email);
    world.pass(7 * DAY_MS + 1_000);
    expect(await codeOf(activate(token))).toBe('link_used');
  });

  it('H13 answers the same to a guessed, a used and a malformed token', async () => {
    const email = anAddress('guess');
    await grant(email);
    const used = await world.token(email);
    await activate(used);
    const answers = await Promise.all(
      [used, 'A'.repeat(43), 'not-a-token-at-all-!!'].map((token) => toldBy(activate(token))),
    );
    expect(new Set(answers).size).toBe(1);
  });

  it('H13 leaves no token behind in the database, before or after its use', async () => {
    const email = anAddress('stored');
    await grant(email);
    const token = await world.token(email);
    const stored = async () => JSON.stringify(await world.test.admin('select * from identity.access_grants'));
    expect(await stored()).not.toContain(token);
    await activate(token);
    const [row] = await world.test.admin('select token_hash, state from identity.access_grants where email = $1', [
      email,
    ]);
    expect(row).toEqual({ token_hash: null, state: 'activated' });
    expect(Buffer.from(token, 'base64url').length).toBeGreaterThanOrEqual(32);
  });

  it('is not used up by a password that is refused', async () => {
    const email = anAddress('weak');
    await grant(email);
    const token = await world.token(email);
    expect(await codeOf(activate(token, { password: 'Password1234' }))).toBe('validation_failed');
    expect(await codeOf(activate(token, { password: email.toUpperCase() }))).toBe('validation_failed');
    expect(await codeOf(activate(token, { password: 'too short' }))).toBe('validation_failed');
    expect(await codeOf(activate(token, { password: ' '.repeat(12) }))).toBe('validation_failed');
    expect(await codeOf(activate(token))).toBe('ok');
  });

  it('raises an account that is there without a link', async () => {
    const person = await world.person('member');
    expect((await world.asOrgs(DescribePerson, { id: person.id })).may_create_orgs).toBe(false);
    await grant(person.email);
    await world.mail(person.email, ([first]) => first);
    expect((await world.asOrgs(DescribePerson, { id: person.id })).may_create_orgs).toBe(true);
    expect(
      world.inbox
        .messages(person.email.toLowerCase())
        .flatMap(({ links }) => links)
        .join(),
    ).not.toContain('token');
  });

  it('counts for an account that an invitation makes before the link is used', async () => {
    const email = anAddress('both');
    await grant(email);
    const token = await world.token(email);
    const account = await world.asOrgs(CreateInvitedAccount, {
      email: email.toLowerCase(),
      name: 'Both',
      password: PASSWORD,
    });
    expect((await world.asOrgs(DescribePerson, { id: account.id })).may_create_orgs).toBe(true);
    expect(await codeOf(activate(token))).toBe('link_used');
  });

  it('gives the stored answer to the same request under the same key', async () => {
    const email = anAddress('idempotent');
    await grant(email);
    const token = await world.token(email);
    const request = { token, name: 'Same', password: PASSWORD };
    const first = await world.ask(Activate, request, { key: 'key-of-a-client' });
    expect(await world.ask(Activate, request, { key: 'key-of-a-client' })).toEqual(first);
    expect(await codeOf(world.ask(Activate, { ...request, name: 'Other' }, { key: 'key-of-a-client' }))).toBe(
      'link_used',
    );
  });
});

describe('an account of an invitation', () => {
  it('is refused for an address that has one, however it is spelled', async () => {
    const person = await world.person('taken');
    const again = (password: string) =>
      world.asOrgs(CreateInvitedAccount, { email: person.email.toUpperCase(), name: 'X', password });
    expect(await codeOf(again('some other password 7'))).toBe('state_conflict');
    world.pass(16 * 60_000);
    expect(await codeOf(again(PASSWORD))).toBe('state_conflict');
  });

  it('is not made with a password in which nothing is seen', async () => {
    const request = { email: anAddress('blank'), name: 'Blank', password: ' '.repeat(12) };
    expect(await codeOf(world.asOrgs(CreateInvitedAccount, request))).toBe('validation_failed');
    expect(await codeOf(world.asOrgs(CreateInvitedAccount, { ...request, password: PASSWORD }))).toBe('ok');
  });

  it('is found again by the same request a moment later, and leaves nothing of the password in the idempotency store', async () => {
    const request = { email: anAddress('retry'), name: 'Retry', password: PASSWORD };
    const first = await world.asOrgs(CreateInvitedAccount, request);
    expect(await world.asOrgs(CreateInvitedAccount, request)).toEqual(first);
    const [{ count } = { count: -1 }] = await world.test.admin(
      "select count(*)::int as count from identity.platform_commands where message_type like '%create-invited-account%'",
    );
    expect(count).toBe(0);
  });

  it('is made once by many requests at the same moment', async () => {
    const email = anAddress('race');
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, (_, n) =>
        codeOf(world.asOrgs(CreateInvitedAccount, { email, name: 'Race', password: `${PASSWORD} ${n}` })),
      ),
    );
    expect(outcomes.filter((code) => code === 'ok')).toHaveLength(1);
    expect(outcomes.filter((code) => code === 'state_conflict')).toHaveLength(4);
  });

  it('is described to orgs, and nobody else', async () => {
    const person = await world.person('described');
    expect(await world.asOrgs(DescribePerson, { id: person.id })).toEqual({ ...person, may_create_orgs: false });
    expect(await codeOf(world.asOrgs(DescribePerson, { id: world.operator }))).toBe('not_found');
    expect(await codeOf(world.ask(DescribePerson, { id: person.id }))).not.toBe('ok');
  });

  it('stays, and so does who was let in by it, when an organization is purged: only what is kept of that goes', async () => {
    const [org, other] = twoOrgs();
    const person = await world.granted();
    const trail = new AuditTrail(world.test.database, new CursorCodec(world.test.tagKey), 'identity');
    for (const each of [org, other])
      await each.as(() => trail.denied('identity.get-me.v1', null), { actor: person.id });
    const rows = (of: TestOrg) => rowsOf(world.test, 'identity', of.id);
    const [before, others] = [await rows(org), await rows(other)];
    expect(before).toEqual({ audit_entries: 1, audit_heads: 1 });
    expect((await world.purge(org)).complete).toBe(false);
    const receipt = await world.purge(org);
    expect(receipt).toEqual({
      tables: ['audit_entries', 'audit_heads'].map((table) => ({ table, outcome: 'deleted', rows: 1 })),
      complete: true,
    });
    expect(await rows(org)).toEqual({ purge_receipts: 2 });
    expect(await rows(other)).toEqual(others);
    expect(await world.login(person)).toHaveProperty('access_token');
  });
});
