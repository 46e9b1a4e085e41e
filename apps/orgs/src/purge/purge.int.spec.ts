import { createHmac, randomBytes } from 'node:crypto';
import {
  AcceptInvitationAsNew,
  CreateOrg,
  DeleteOrg,
  GetInvitation,
  GetOrg,
  PurgeAgents,
  PurgeBillingStars,
  PurgeLeads,
  type purgeMessages,
  typeOf,
} from '@apollo/contracts';
import { HEADER } from '@apollo/messaging';
import { derivedKey } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import { asPlatform, Attacker, rowsOf, testOrg, testPeer, type TestPeer } from '@apollo/testing';
import { invitationTokenHash } from '../invitations/invitation.token.js';
import { ORGS_PER_ACCOUNT } from '../orgs/org.rules.js';
import { codeOf, OrgsWorld, type WorldOrg } from '../spec/orgs.world.spec.js';
import { OrgPurger } from './org.purger.js';
import { PurgeRepository, type PurgeRow } from './purge.repository.js';

const LEADS: purgeMessages.PurgeReceipt = {
  tables: [{ table: 'leads', outcome: 'deleted', rows: 12 }],
  complete: true,
};
const AGENTS: purgeMessages.PurgeReceipt = {
  tables: [{ table: 'personas', outcome: 'deleted', rows: 2 }],
  complete: true,
};
const STARS: purgeMessages.PurgeReceipt = {
  tables: [{ table: 'holds', outcome: 'anonymized', rows: 3 }],
  complete: true,
};

describe('the purge of a deleted organization', () => {
  let world: OrgsWorld;
  let peers: TestPeer[];
  /** What other services are asked, as `<organization> <service> <who asks>`. */
  const asked: string[] = [];
  /** What a service answers with; undefined where it is away. */
  let answers: Record<string, () => purgeMessages.PurgeReceipt | undefined>;

  beforeAll(async () => {
    world = await OrgsWorld.start();
    peers = [];
    for (const contract of [PurgeAgents, PurgeBillingStars, PurgeLeads]) {
      const peer = await testPeer(contract.service);
      peer.connection.subscribe(`rpc.*.${typeOf(contract)}`, {
        queue: contract.service,
        callback: (_error, message) => {
          asked.push(`${message.headers?.get(HEADER.org)} ${contract.service}`);
          peer.answer(message, answers[contract.service]?.() ?? { code: 'internal_error', detail: 'It stumbled.' });
        },
      });
      await peer.connection.flush();
      peers.push(peer);
    }
  });
  beforeEach(() => {
    asked.length = 0;
    answers = { agents: () => AGENTS, leads: () => LEADS, 'billing-stars': () => STARS };
  });
  afterAll(async () => {
    await Promise.all(peers.map((peer) => peer.close()));
    await world.stop();
  });

  const look = (): Promise<number> => world.service.app.get(OrgPurger).round();
  const purgeOf = async (org: WorldOrg): Promise<PurgeRow | undefined> => {
    const purges = await asPlatform(() => new PurgeRepository(world.test.database).list());
    return purges.find(({ org_id }) => org_id === org.id);
  };
  const rows = (org: WorldOrg): Promise<Record<string, number>> => rowsOf(world.test, 'orgs', org.id);
  /** Has time pass: so many days since an organization was deleted. */
  const daysLater = (org: WorldOrg, days: number) =>
    world.test.admin(
      `update orgs.purges set due_at = due_at - make_interval(days => $2), look_at = look_at - make_interval(days => $2)
       where org_id = $1`,
      [org.id, days],
    );
  async function deleted(name: string): Promise<WorldOrg> {
    const org = await world.org(name);
    await world.member(org, 'viewer');
    await world.asMember(org, org.owner, DeleteOrg, { confirm: org.slug });
    return org;
  }

  const invitationOf = async (org: WorldOrg): Promise<string> =>
    String((await world.test.admin('select id from orgs.invitations where org_id = $1', [org.id]))[0]?.['id']);
  /** One more link of the organization's invitation, as the release before mails them: whose it is, is not proven. */
  async function mailedBefore(org: WorldOrg, email: string): Promise<string> {
    const [id, random] = [await invitationOf(org), randomBytes(32)];
    const proof = createHmac('sha256', derivedKey(world.test.tagKey, 'invitation'))
      .update(random)
      .update(JSON.stringify([id, email, 'viewer']));
    const token = Buffer.concat([random, proof.digest()]).toString('base64url');
    await world.test.admin(
      'insert into orgs.invitation_links (token_hash, org_id, invitation_id, opened_at, of_before) values ($1, $2, $3, now(), true)',
      [invitationTokenHash(token), org.id, id],
    );
    return token;
  }

  it('comes 30 days later and not before, of a deleted one and of no other', async () => {
    const [org, other] = [await deleted('gone'), await world.org('there')];
    const [before, there] = [await rows(org), await rows(other)];
    expect(await purgeOf(org)).toMatchObject({ purged_at: null, parts: {} });
    expect(await purgeOf(other)).toBeUndefined();
    // Looked at too early, whyever, and as if somebody had noted one that is there.
    await world.test.admin('update orgs.purges set look_at = now() where org_id = $1', [org.id]);
    await world.test.admin(
      "insert into orgs.purges (org_id, due_at, look_at, parts) select $1, now() - interval '1 day', now(), '{}'",
      [other.id],
    );
    expect(await look()).toBe(2);
    expect(asked).toEqual([]);
    expect(await rows(org)).toEqual(before);
    await world.test.admin('delete from orgs.purges where org_id = $1', [other.id]);
    expect(await rows(other)).toEqual(there);
    await daysLater(org, 29);
    await look();
    expect(asked).toEqual([]);
    await daysLater(org, 1);
    await look();
    expect(asked).toEqual(['agents', 'leads', 'billing-stars'].map((service) => `${org.id} ${service}`));
    expect(await rows(other)).toEqual(there);
    expect(await world.asMember(other, other.owner, GetOrg, {})).toMatchObject({ slug: other.slug });
  });

  it('leaves the slug and a receipt of every service, and gives the place of its creator back', async () => {
    const creator = world.identity.person('creator');
    const create = (slug = `made-${newId().slice(-10)}`) => world.asSelf(creator, CreateOrg, { slug, name: 'Made' });
    for (let made = 1; made < ORGS_PER_ACCOUNT; made += 1) await create();
    const org = { ...(await create()), owner: creator };
    await world.invite(org, creator, 'left@example.test', 'viewer');
    await world.asMember(org, creator, DeleteOrg, { confirm: org.slug });
    const { creations: _place, slugs: _slug, purges: _purge, invitation_links: links, ...before } = await rows(org);
    await daysLater(org, 30);
    answers['leads'] = () => undefined;
    await look();
    // It is not purged yet where one service is not done, and its creator has no place for another.
    expect(await purgeOf(org)).toMatchObject({ purged_at: null, parts: { 'billing-stars': STARS } });
    expect(await codeOf(create())).toBe('state_conflict');
    answers['leads'] = () => LEADS;
    await world.test.admin('update orgs.purges set look_at = now() where org_id = $1', [org.id]);
    await look();
    const purge = await purgeOf(org);
    expect(purge).toMatchObject({ slug: org.slug, purged_at: expect.any(Date) });
    const { orgs: own, ...others } = (purge?.parts ?? {}) as Record<string, purgeMessages.PurgeReceipt>;
    expect(others).toEqual({
      agents: AGENTS,
      leads: LEADS,
      'billing-stars': STARS,
      identity: { tables: [], complete: true },
    });
    const gone = Object.fromEntries((own?.tables ?? []).map(({ table, rows: count }) => [table, count]));
    // The end of a membership is one more change of access.
    expect(gone).toEqual({ ...before, access_changes: Number(before['access_changes']) + 1 });
    expect(await rows(org)).toEqual({
      invitation_links: links,
      purges: 1,
      purge_receipts: Object.keys(gone).length,
      slugs: 1,
    });
    expect(await codeOf(create(org.slug))).toBe('slug_taken');
    expect(await codeOf(create())).toBe('ok');
    await look();
    expect(asked.filter((each) => each.startsWith(org.id))).toHaveLength(6);
  });

  it('leaves a dead link dead, whatever another organization writes of it, also one that the release before mailed (A32, A77)', async () => {
    const [org, other] = [await world.org('once'), await world.org('heir')];
    const email = 'invited@example.test';
    const links = [await world.invite(org, org.owner, email, 'viewer'), await mailedBefore(org, email)];
    const seen = (): Promise<string[]> =>
      Promise.all(links.map((token) => codeOf(world.asPlatform(GetInvitation, { token }))));
    expect(await seen()).toEqual(['ok', 'ok']);
    await world.asMember(org, org.owner, DeleteOrg, { confirm: org.slug });
    const id = await invitationOf(org);
    const attacker = await Attacker.connect(world.test, { ...testOrg(), id: other.id, owner: other.owner.id });
    const planted = await attacker.commit(
      `insert into orgs.invitations (org_id, id, email, role, status, mail, invited_by, created_at, expires_at)
       values ('${other.id}', '${id}', '${email}', 'viewer', 'pending', 'sent', '${other.owner.id}', now(), now() + interval '7 days')`,
      ...links.map((token) => `select orgs.open_link('${invitationTokenHash(token)}', '${id}')`),
    );
    await attacker.close();
    expect([planted.code, await seen()]).toEqual([undefined, ['link_used', 'link_used']]);
    await daysLater(org, 30);
    await look();
    expect(await purgeOf(org)).toMatchObject({ purged_at: expect.any(Date) });
    expect(await seen()).toEqual(['link_used', 'link_used']);
    const people = world.identity.people.size;
    for (const token of links) {
      const accepted = world.asPlatform(AcceptInvitationAsNew, {
        token,
        name: 'Heir',
        password: 'correct horse battery',
      });
      expect([await codeOf(accepted), world.identity.people.size]).toEqual(['link_used', people]);
    }
  });

  it('opens nothing to a link of long ago whose hash a purge of the release before freed, once another organization notes it (A32, A77)', async () => {
    const [org, other] = [await world.org('freed'), await world.org('heirs')];
    const email = 'freed@example.test';
    await world.invite(org, org.owner, email, 'viewer');
    const token = await mailedBefore(org, email);
    const seen = (): Promise<string> => codeOf(world.asPlatform(GetInvitation, { token }));
    expect(await seen()).toBe('ok');
    const id = await invitationOf(org);
    await world.test.admin('delete from orgs.invitation_links where org_id = $1', [org.id]);
    const attacker = await Attacker.connect(world.test, { ...testOrg(), id: other.id, owner: other.owner.id });
    const planted = await attacker.commit(
      `insert into orgs.invitations (org_id, id, email, role, status, mail, invited_by, created_at, expires_at)
       values ('${other.id}', '${id}', '${email}', 'viewer', 'pending', 'sent', '${other.owner.id}', now(), now() + interval '7 days')`,
      `select orgs.open_link('${invitationTokenHash(token)}', '${id}')`,
    );
    await attacker.close();
    expect([planted.code, await seen()]).toEqual([undefined, 'link_used']);
  });

  it('has no receipt noted that is none, or under no name of a service, whatever SQL under its tag hands in (A74)', async () => {
    const org = await deleted('poison');
    const attacker = await Attacker.connect(world.test, { ...testOrg(), id: org.id, owner: 'system:orgs' });
    const table = { table: 'leads', outcome: 'deleted', rows: 1 };
    const note = async (service: string, receipt: unknown): Promise<string> =>
      (await attacker.attempt(`select orgs.note_purge('${service}', '${JSON.stringify(receipt)}')`)).code ?? 'ok';
    for (const receipt of [
      null,
      [],
      'x',
      {},
      { tables: null },
      { tables: null, complete: true },
      { tables: {}, complete: true },
      { tables: [], complete: 'true' },
      { tables: [], complete: true, more: 1 },
      { tables: Array(201).fill(table), complete: true },
      ...[
        null,
        'x',
        {},
        { ...table, rows: '1' },
        { ...table, rows: -1 },
        { ...table, rows: 1.5 },
        { ...table, table: 'x\u001b[2J' },
        { ...table, table: 1 },
        { ...table, outcome: 'told' },
        { ...table, more: 1 },
      ].map((each) => ({ tables: [table, each], complete: true })),
    ])
      expect([receipt, await note('leads', receipt)]).toEqual([receipt, '22023']);
    for (const service of ['', 'Leads', 'made up', '-', 'a-', 'x'.repeat(41), 'x\u001b[2J'])
      expect([service, await note(service, LEADS)]).toEqual([service, '22023']);
    for (const service of ['billing-stars', 'leads', 'one-of-next-year']) expect(await note(service, LEADS)).toBe('ok');
    const many = Array.from({ length: 60 }, (_, nth) => `x${'y'.repeat(nth % 30)}-${'z'.repeat(1 + (nth % 7))}`);
    for (const service of many)
      await attacker.commit(`select orgs.note_purge('${service}', '${JSON.stringify(LEADS)}')`);
    const [kept] = await world.test.admin('select parts from orgs.purges where org_id = $1', [org.id]);
    expect(Object.keys(kept?.['parts'] as object)).toHaveLength(50);
    await attacker.close();
  });

  it('goes on where a service has more to purge, or was away, and asks again', async () => {
    const org = await deleted('large');
    await daysLater(org, 30);
    let batches = 3;
    answers['billing-stars'] = () => ({ ...STARS, complete: (batches -= 1) === 0 });
    await look();
    expect(asked).toEqual([
      `${org.id} agents`,
      `${org.id} leads`,
      ...Array.from({ length: 3 }, () => `${org.id} billing-stars`),
    ]);
    expect(await purgeOf(org)).toMatchObject({ purged_at: expect.any(Date) });
  });
});
