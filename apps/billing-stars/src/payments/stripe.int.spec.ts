import { setTimeout as sleep } from 'node:timers/promises';
import { BuyPack, ChangePlan, CheckOut, ListPayments } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import type { TestOrg } from '@apollo/testing';
import { codeOf } from '../spec/stars.world.spec.js';
import type { AskedSession, SignedMessage } from './stripe.server.spec.js';
import { StripeWorld } from './stripe.world.spec.js';

describe('payments through Stripe', () => {
  let through: StripeWorld;
  let a: TestOrg;
  let b: TestOrg;
  beforeAll(async () => {
    through = await StripeWorld.start();
    [a, b] = [await through.stars.org(), await through.stars.org()];
  }, 300_000);
  beforeEach(() => {
    through.stripe.failWith = undefined;
    through.stripe.beforeAnswer = async () => undefined;
  });
  afterEach(async () => expect(await through.stars.findings()).toEqual([]));
  afterAll(() => through.stop());

  const tell = (message: SignedMessage): Promise<string> => through.tell(message);
  const order = (org: TestOrg): Promise<{ id: string; session: AskedSession }> => through.order(org);
  const balance = (org: TestOrg): Promise<number> => through.balance(org);

  it('offers a session for what was ordered, at our price, and tells Stripe nothing of the organization', async () => {
    const payment = await through.ask(a, BuyPack, { pack: 'pack-5000' });
    const { id, fields } = through.stripe.sessions.at(-1) as AskedSession;
    expect(payment).toMatchObject({
      state: 'open',
      provider: 'stripe',
      stars: 5_000,
      cents: 4_900,
      checkout_url: `https://checkout.example/${id}`,
    });
    expect(fields).toMatchObject({
      mode: 'payment',
      'line_items[0][price_data][unit_amount]': '4900',
      'line_items[0][price_data][currency]': 'eur',
    });
    for (const secret of [a.id, a.owner, payment.id]) expect(JSON.stringify(fields)).not.toContain(secret);
  });

  it('offers one session for one command, however often it is sent', async () => {
    const before = through.stripe.sessions.length;
    const key = newId();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => through.ask(a, BuyPack, { pack: 'pack-1000' }, key)),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(through.stripe.sessions).toHaveLength(before + 1);
  });

  it('grants once what was paid, however often and at once Stripe tells of it, by the event and by the session (B12)', async () => {
    const [{ session }, before] = [await order(a), await balance(a)];
    const message = through.stripe.paid(session, {}, { id: 'evt_one' });
    expect((await Promise.all(Array.from({ length: 6 }, () => tell(message)))).sort()).toEqual([
      'done',
      'known',
      'known',
      'known',
      'known',
      'known',
    ]);
    expect(await tell(through.stripe.paid(session, {}, { id: 'evt_two' }))).toBe('known');
    expect(await balance(a)).toBe(before + 1_000);
    expect((await through.ask(a, ListPayments, { limit: 1 })).items[0]).toMatchObject({
      state: 'paid',
      provider: 'stripe',
      checkout_url: null,
    });
  });

  it('pays for the organization that ordered the session, whatever the message says (B17)', async () => {
    const [{ session }, beforeA, beforeB] = [await order(a), await balance(a), await balance(b)];
    const lie = { metadata: { org_id: b.id, org: b.id }, client_reference_id: b.id, customer_email: 'b@example.com' };
    expect(await tell(through.stripe.paid(session, lie))).toBe('done');
    expect([await balance(a), await balance(b)]).toEqual([beforeA + 1_000, beforeB]);
  });

  it('ignores a session that nobody ordered here, and what is not paid', async () => {
    const [{ session }, before] = [await order(a), await balance(a)];
    expect(await tell(through.stripe.paid({ ...session, id: 'cs_of_somebody_else' }))).toBe('ignored');
    expect(await tell(through.stripe.paid(session, { payment_status: 'unpaid' }))).toBe('ignored');
    expect(await tell(through.stripe.message('invoice.paid', { id: session.id }))).toBe('ignored');
    expect(await balance(a)).toBe(before);
    expect(await tell(through.stripe.paid(session))).toBe('done');
    expect(await balance(a)).toBe(before + 1_000);
  });

  it('believes nothing that is not signed with the secret, over these bytes, within five minutes', async () => {
    const [{ session }, before] = [await order(a), await balance(a)];
    const now = Math.floor(Date.now() / 1000);
    const good = through.stripe.paid(session);
    const other = Buffer.from(Buffer.from(good.body, 'base64').toString().replace('1200', '1201')).toString('base64');
    const bad = [
      through.stripe.paid(session, {}, { secret: 'whsec_guessed' }),
      through.stripe.paid(session, {}, { at: now - 301 }),
      { ...good, signature: 't=1,v1=00' },
      { ...good, signature: 'x' },
      { ...good, body: other },
      { ...good, signature: good.signature.replace('v1=', 'v0=') },
    ];
    for (const message of bad) expect(await codeOf(tell(message))).toBe('validation_failed');
    expect(await balance(a)).toBe(before);
  });

  it('takes Stars of a refund back, once, whatever order it is told in (B13)', async () => {
    const [{ session }, before] = [await order(a), await balance(a)];
    await tell(through.stripe.paid(session));
    expect(await tell(through.stripe.refunded(session, 600, 'evt_refund'))).toBe('done');
    expect(await tell(through.stripe.refunded(session, 600, 'evt_refund'))).toBe('known');
    expect(await tell(through.stripe.refunded(session, 300, 'evt_late'))).toBe('known');
    expect(await balance(a)).toBe(before + 500);
    expect(await tell(through.stripe.refunded(session, 1_200))).toBe('done');
    expect(await balance(a)).toBe(before);
  });

  it('orders nothing when Stripe does not answer, and no transaction is open while it is waited for', async () => {
    const count = (await through.ask(a, ListPayments, {})).items.length;
    through.stripe.failWith = 500;
    expect(await codeOf(through.ask(a, BuyPack, { pack: 'pack-1000' }))).toBe('service_unavailable');
    through.stripe.failWith = undefined;
    expect((await through.ask(a, ListPayments, {})).items).toHaveLength(count);
    const open: number[] = [];
    through.stripe.beforeAnswer = async () => {
      for (let look = 0; look < 5; look += 1) {
        const rows = await through.stars.test.admin(`select 1 from pg_locks l join pg_stat_activity s on s.pid = l.pid
          where l.locktype = 'virtualxid' and s.usename = 'billing_stars_app' and s.datname = current_database()`);
        open.push(rows.length);
        await sleep(20);
      }
    };
    await through.ask(a, BuyPack, { pack: 'pack-1000' });
    expect(Math.min(...open)).toBe(0);
  });

  it('offers a further session for what is open; whichever is paid pays it, and brings its Stars once', async () => {
    const { id, session } = await order(b);
    const before = await balance(b);
    const again = await through.ask(b, CheckOut, { id });
    expect(again.checkout_url).not.toContain(session.id);
    expect(await codeOf(through.ask(a, CheckOut, { id }))).toBe('not_found');
    const second = through.stripe.sessions.at(-1) as AskedSession;
    expect([await tell(through.stripe.paid(session)), await tell(through.stripe.paid(second))]).toEqual([
      'done',
      'done',
    ]);
    expect(await balance(b)).toBe(before + 1_000);
  });

  it('starts a plan when its session is paid', async () => {
    const org = await through.stars.org();
    const plan = await through.ask(org, ChangePlan, { plan: 'starter' });
    expect(plan).toMatchObject({ plan: 'none', open_payments: [{ kind: 'plan', provider: 'stripe' }] });
    expect(await tell(through.stripe.paid(through.stripe.sessions.at(-1) as AskedSession))).toBe('done');
    expect((await through.stars.wallet(org)).monthly_balance).toBe(plan.open_payments[0]?.stars);
  });
});
