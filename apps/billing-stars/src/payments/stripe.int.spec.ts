import { setTimeout as sleep } from 'node:timers/promises';
import {
  BuyPack,
  ChangePlan,
  CheckOut,
  ListPayments,
  type RequestContract,
  TakeProviderMessage,
} from '@apollo/contracts';
import { type RunningService, startService } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import { asPlatform, type TestOrg, testPeer, type TestPeer, testServiceConfig } from '@apollo/testing';
import { BillingStarsModule } from '../billing-stars.module.js';
import { billingStarsSchema } from '../billing-stars.schema.js';
import { codeOf, StarsWorld } from '../spec/stars.world.spec.js';
import { type AskedSession, LocalStripe } from './stripe.server.spec.js';

describe('payments through Stripe', () => {
  let world: StarsWorld;
  let stripe: LocalStripe;
  let service: RunningService;
  let gateway: TestPeer;
  let a: TestOrg;
  let b: TestOrg;
  beforeAll(async () => {
    [world, stripe] = [await StarsWorld.start(4), await LocalStripe.start()];
    const config = { ...testServiceConfig('billing-stars', world.test), stripe: stripe.config };
    service = await startService({
      name: 'billing-stars',
      schema: billingStarsSchema,
      config,
      module: await BillingStarsModule.with(config),
    });
    gateway = await testPeer('gateway');
    [a, b] = [await world.org(), await world.org()];
  }, 300_000);
  beforeEach(() => {
    stripe.failWith = undefined;
    stripe.beforeAnswer = async () => undefined;
  });
  afterEach(async () => expect(await world.findings()).toEqual([]));
  afterAll(async () => {
    await gateway.close();
    await service.stop();
    await stripe.stop();
    await world.test.drop();
  });

  const ask = <Q extends object, R extends object>(
    org: TestOrg,
    contract: RequestContract<Q, R>,
    request: NoInfer<Q>,
    idempotencyKey = newId(),
  ): Promise<R> => org.as(() => gateway.bus.request(contract, request, { idempotencyKey, timeoutMs: 20_000 }));
  const tell = async (message: { body: string; signature: string }): Promise<string> =>
    (await asPlatform(() => gateway.bus.request(TakeProviderMessage, message))).outcome;
  /** A pack that is ordered, and the session it is to be paid in. */
  const order = async (org: TestOrg, pack = 'pack-1000'): Promise<{ id: string; session: AskedSession }> => {
    const payment = await ask(org, BuyPack, { pack });
    return {
      id: payment.id,
      session: stripe.sessions.find(({ id }) => payment.checkout_url?.endsWith(id)) as AskedSession,
    };
  };
  const balance = async (org: TestOrg): Promise<number> => (await world.wallet(org)).package_balance;

  it('offers a session for what was ordered, at our price, and tells Stripe nothing of the organization', async () => {
    const payment = await ask(a, BuyPack, { pack: 'pack-5000' });
    const { id, fields } = stripe.sessions.at(-1) as AskedSession;
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
    const before = stripe.sessions.length;
    const key = newId();
    const answers = await Promise.all(Array.from({ length: 4 }, () => ask(a, BuyPack, { pack: 'pack-1000' }, key)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(stripe.sessions).toHaveLength(before + 1);
  });

  it('grants once what was paid, however often and at once Stripe tells of it, by the event and by the session (B12)', async () => {
    const [{ session }, before] = [await order(a), await balance(a)];
    const message = stripe.paid(session, {}, { id: 'evt_one' });
    expect((await Promise.all(Array.from({ length: 6 }, () => tell(message)))).sort()).toEqual([
      'done',
      'known',
      'known',
      'known',
      'known',
      'known',
    ]);
    expect(await tell(stripe.paid(session, {}, { id: 'evt_two' }))).toBe('known');
    expect(await balance(a)).toBe(before + 1_000);
    expect((await ask(a, ListPayments, { limit: 1 })).items[0]).toMatchObject({
      state: 'paid',
      provider: 'stripe',
      checkout_url: null,
    });
  });

  it('pays for the organization that ordered the session, whatever the message says (B17)', async () => {
    const [{ session }, beforeA, beforeB] = [await order(a), await balance(a), await balance(b)];
    const lie = { metadata: { org_id: b.id, org: b.id }, client_reference_id: b.id, customer_email: 'b@example.com' };
    expect(await tell(stripe.paid(session, lie))).toBe('done');
    expect([await balance(a), await balance(b)]).toEqual([beforeA + 1_000, beforeB]);
  });

  it('ignores a session that nobody ordered here, and what is not paid, of another amount or in another currency', async () => {
    const [{ session }, before] = [await order(a), await balance(a)];
    expect(await tell(stripe.paid({ ...session, id: 'cs_of_somebody_else' }))).toBe('ignored');
    expect(await tell(stripe.paid(session, { payment_status: 'unpaid' }))).toBe('ignored');
    expect(await tell(stripe.paid(session, { amount_total: 1 }))).toBe('ignored');
    expect(await tell(stripe.paid(session, { currency: 'jpy' }))).toBe('ignored');
    expect(await tell(stripe.message('invoice.paid', { id: session.id }))).toBe('ignored');
    expect(await balance(a)).toBe(before);
    expect(await tell(stripe.paid(session))).toBe('done');
    expect(await balance(a)).toBe(before + 1_000);
  });

  it('believes nothing that is not signed with the secret, over these bytes, within five minutes', async () => {
    const [{ session }, before] = [await order(a), await balance(a)];
    const now = Math.floor(Date.now() / 1000);
    const good = stripe.paid(session);
    const other = Buffer.from(Buffer.from(good.body, 'base64').toString().replace('1200', '1201')).toString('base64');
    const bad = [
      stripe.paid(session, {}, { secret: 'whsec_guessed' }),
      stripe.paid(session, {}, { at: now - 301 }),
      { ...good, signature: 't=1,v1=00' },
      { ...good, signature: 'x' },
      { ...good, body: other },
      { ...good, signature: good.signature.replace('v1=', 'v0=') },
    ];
    for (const message of bad) expect(await codeOf(tell(message))).toBe('validation_failed');
    expect(await balance(a)).toBe(before);
  });

  it('takes Stars of a refund back, once, and has a refund sent again that overtook its payment (B13)', async () => {
    const [{ session }, before] = [await order(a), await balance(a)];
    expect(await codeOf(tell(stripe.refunded(session, 600)))).toBe('not_found');
    await tell(stripe.paid(session));
    expect(await tell(stripe.refunded(session, 600, 'evt_refund'))).toBe('done');
    expect(await tell(stripe.refunded(session, 600, 'evt_refund'))).toBe('known');
    expect(await tell(stripe.refunded(session, 300, 'evt_late'))).toBe('known');
    expect(await balance(a)).toBe(before + 500);
    expect(await tell(stripe.refunded(session, 1_200))).toBe('done');
    expect(await balance(a)).toBe(before);
  });

  it('orders nothing when Stripe does not answer, and no transaction is open while it is waited for', async () => {
    const count = (await ask(a, ListPayments, {})).items.length;
    stripe.failWith = 500;
    expect(await codeOf(ask(a, BuyPack, { pack: 'pack-1000' }))).toBe('service_unavailable');
    stripe.failWith = undefined;
    expect((await ask(a, ListPayments, {})).items).toHaveLength(count);
    const open: number[] = [];
    stripe.beforeAnswer = async () => {
      for (let look = 0; look < 5; look += 1) {
        const rows = await world.test.admin(`select 1 from pg_locks l join pg_stat_activity s on s.pid = l.pid
          where l.locktype = 'virtualxid' and s.usename = 'billing_stars_app' and s.datname = current_database()`);
        open.push(rows.length);
        await sleep(20);
      }
    };
    await ask(a, BuyPack, { pack: 'pack-1000' });
    expect(Math.min(...open)).toBe(0);
  });

  it('offers a further session for what is open; whichever is paid pays it, once', async () => {
    const { id, session } = await order(b);
    const before = await balance(b);
    const again = await ask(b, CheckOut, { id });
    expect(again.checkout_url).not.toContain(session.id);
    expect(await codeOf(ask(a, CheckOut, { id }))).toBe('not_found');
    const second = stripe.sessions.at(-1) as AskedSession;
    expect([await tell(stripe.paid(session)), await tell(stripe.paid(second))]).toEqual(['done', 'known']);
    expect(await balance(b)).toBe(before + 1_000);
  });

  it('starts a plan when its session is paid', async () => {
    const org = await world.org();
    const plan = await ask(org, ChangePlan, { plan: 'starter' });
    expect(plan).toMatchObject({ plan: 'none', open_payments: [{ kind: 'plan', provider: 'stripe' }] });
    expect(await tell(stripe.paid(stripe.sessions.at(-1) as AskedSession))).toBe('done');
    expect((await world.wallet(org)).monthly_balance).toBe(plan.open_payments[0]?.stars);
  });
});
