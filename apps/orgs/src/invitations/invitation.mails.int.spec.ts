import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateInvitation,
  GetInvitationById,
  type orgsMessages,
  ResendInvitation,
  RevokeInvitation,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { Attacker, testOrg, until } from '@apollo/testing';
import { OrgsWorld, type WorldOrg } from '../spec/orgs.world.spec.js';

/** "Not yet": a server that has too much to do, or wants to be asked again. */
const LATER = 451;
const NEVER = 550;

describe('the mail of an invitation', () => {
  let world: OrgsWorld;
  let a: WorldOrg;
  let b: WorldOrg;

  beforeAll(async () => {
    world = await OrgsWorld.start();
    a = await world.org('alpha');
    b = await world.org('beta');
  });
  afterEach(() => world.inbox.judge(() => undefined));
  afterAll(() => world.stop());

  const address = (name = 'someone'): string => `${name}-${newId().slice(-12)}@example.test`;
  const invite = (org: WorldOrg, email: string): Promise<orgsMessages.Invitation> =>
    world.asMember(org, org.owner, CreateInvitation, { email, role: 'viewer' });
  const mailOf = async (org: WorldOrg, { id }: { id: string }): Promise<string | undefined> =>
    (await world.asMember(org, org.owner, GetInvitationById, { id })).mail;
  const becomes = (org: WorldOrg, invitation: { id: string }, mail: string): Promise<unknown> =>
    world.once(
      () => mailOf(org, invitation),
      (seen) => seen === mail,
    );
  const rows = (): Promise<Record<string, unknown>[]> => world.test.admin('select * from orgs.mails');

  it('goes out while many of another organization wait behind each other, of which none is lost', async () => {
    let [underWay, most] = [0, 0];
    world.inbox.judge(async (to) => {
      if (!to.startsWith('a-')) return undefined;
      most = Math.max(most, ++underWay);
      await sleep(20);
      underWay -= 1;
      return LATER;
    });
    const many = Array.from({ length: 30 }, () => address('a'));
    await Promise.all(many.map((email) => invite(a, email)));
    const email = address('b');
    await becomes(b, await invite(b, email), 'sent');
    expect(world.inbox.messages(email)).toHaveLength(1);
    expect(most).toBe(1);
    expect(many.flatMap((each) => world.inbox.messages(each))).toEqual([]);
    world.inbox.judge(() => undefined);
    await until(() => many.every((each) => world.inbox.messages(each).length > 0));
  });

  it('goes in its turn where more organizations have many that wait than mails are sent at once', async () => {
    world.inbox.judge(() => LATER);
    const orgs: WorldOrg[] = [];
    for (const name of ['one', 'two', 'three', 'four', 'five', 'six']) orgs.push(await world.org(name));
    for (const org of orgs) for (let nth = 0; nth < 5; nth += 1) await invite(org, address(org.slug));
    // A process that has tried none of them, and for which all are due.
    await world.service.stop();
    await world.test.admin('update orgs.mails set due_at = now(), attempts = 0');
    const order: string[] = [];
    world.inbox.judge((to) => void order.push(orgs.find(({ slug }) => to.startsWith(slug))?.slug ?? ''));
    await world.restart();
    await until(() => order.length >= 30);
    expect(new Set(order.slice(0, 12))).toEqual(new Set(orgs.map(({ slug }) => slug)));
  });

  it('waits in a row that shows nothing of it, is tried again, and leaves nothing once it was taken', async () => {
    const email = address();
    let refusals = 0;
    world.inbox.judge((to) => (to === email && refusals++ < 2 ? LATER : undefined));
    const invitation = await invite(a, email);
    expect(invitation.mail).toBe('waiting');
    const [row] = await world.test.admin('select * from orgs.mails where id = $1', [invitation.id]);
    expect(row).toMatchObject({ turn: a.id });
    expect(String(row?.['sealed'])).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
    await until(() => refusals > 0);
    await until(async () => (await mailOf(a, invitation)) !== 'waiting');
    expect(await mailOf(a, invitation)).toBe('sent');
    expect(world.inbox.messages(email)).toHaveLength(1);
    expect(refusals).toBe(3);
    expect(await rows()).toEqual([]);
  });

  it('that no server will have is told with the invitation, and another one may be sent', async () => {
    const email = address();
    world.inbox.judge((to) => (to === email ? NEVER : undefined));
    const invitation = await invite(a, email);
    await becomes(a, invitation, 'failed');
    expect(await rows()).toEqual([]);
    world.inbox.judge(() => undefined);
    const again = await world.asMember(a, a.owner, ResendInvitation, { id: invitation.id });
    await becomes(a, again, 'sent');
    expect(await mailOf(a, invitation)).toBe('failed');
  });

  it('is given up after a day, and the invitation says so', async () => {
    const email = address();
    world.inbox.judge(() => LATER);
    const invitation = await invite(a, email);
    const [row] = await world.test.admin(
      "select until between now() + interval '23 hours' and now() + interval '1 day' as day from orgs.mails where id = $1",
      [invitation.id],
    );
    expect(row).toEqual({ day: true });
    await world.test.admin("update orgs.mails set until = now() - interval '1 second' where id = $1", [invitation.id]);
    await becomes(a, invitation, 'failed');
    expect(world.inbox.messages(email)).toEqual([]);
  });

  it('is not sent any more once its link opens nothing: revoked, or replaced by another', async () => {
    const email = address();
    world.inbox.judge(() => LATER);
    const first = await invite(a, email);
    await world.asMember(a, a.owner, ResendInvitation, { id: first.id });
    const third = await invite(a, email);
    const other = await invite(a, address());
    await world.asMember(a, a.owner, RevokeInvitation, { id: other.id });
    const waiting = await world.test.admin('select id from orgs.mails where turn = $1', [a.id]);
    expect(waiting).toEqual([{ id: third.id }]);
    // One of an organization is under way at a time: once it was put off, none before it is.
    const putOff = `select from orgs.mails where id = $1 and attempts > 0 and due_at < now() + interval '1 minute'`;
    await until(async () => (await world.test.admin(putOff, [third.id])).length === 1);
    world.inbox.judge(() => undefined);
    await becomes(a, third, 'sent');
    expect(world.inbox.messages(email)).toHaveLength(1);
  });

  it('waits on where another organization has an invitation of the same id, and revokes or replaces that', async () => {
    const email = address();
    world.inbox.judge(() => LATER);
    const invitation = await invite(b, email);
    const attacker = await Attacker.connect(world.test, { ...testOrg(), id: a.id, owner: a.owner.id });
    const planted = await attacker.commit(
      `insert into orgs.invitations (org_id, id, email, role, status, mail, invited_by, created_at, expires_at)
       values ('${a.id}', '${invitation.id}', '${address()}', 'viewer', 'pending', 'waiting', '${a.owner.id}', now(), now() + interval '7 days')`,
    );
    expect(planted.code).toBeUndefined();
    await attacker.close();
    await world.asMember(a, a.owner, RevokeInvitation, { id: invitation.id });
    expect(await world.test.admin('select turn from orgs.mails where id = $1', [invitation.id])).toEqual([
      { turn: b.id },
    ]);
    world.inbox.judge(() => undefined);
    await becomes(b, invitation, 'sent');
    expect(world.inbox.messages(email)).toHaveLength(1);
  });

  it('outlives the process', async () => {
    const email = address();
    world.inbox.judge(() => LATER);
    const invitation = await invite(a, email);
    await world.restart();
    world.inbox.judge(() => undefined);
    await becomes(a, invitation, 'sent');
    expect(world.inbox.messages(email)).toHaveLength(1);
  });

  it('is neither seen nor made by anybody under the tag of an organization', async () => {
    world.inbox.judge(() => LATER);
    const invitation = await invite(a, address());
    const attacker = await Attacker.connect(world.test, { ...testOrg(), id: a.id, owner: a.owner.id });
    const attempts = [
      'select * from orgs.mails',
      `insert into orgs.mails (id, turn, sealed, due_at, until) values (uuidv7(), '${b.id}', 'x', now(), now() + interval '1 day')`,
      `update orgs.mails set due_at = 'infinity'`,
      `select orgs.delete_mails('{${invitation.id}}')`,
    ];
    for (const attempt of attempts) expect((await attacker.attempt(attempt)).code).toBe('42501');
    await attacker.close();
    world.inbox.judge(() => undefined);
    await becomes(a, invitation, 'sent');
  });
});
