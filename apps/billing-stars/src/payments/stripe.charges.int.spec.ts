import { BuyPack, CheckOut, GiveBackOverpayment, ListOverpayments, RefundPayment } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import type { TestOrg } from '@apollo/testing';
import { codeOf, ORGS } from '../spec/stars.world.spec.js';
import type { AskedSession } from './stripe.server.spec.js';
import { StripeWorld } from './stripe.world.spec.js';

describe('money is per charge: an order', () => {
  let world: StripeWorld;
  beforeAll(async () => {
    world = await StripeWorld.start();
  }, 300_000);
  beforeEach(() => {
    world.stripe.failWith = undefined;
  });
  afterEach(async () => expect(await world.stars.findings()).toEqual([]));
  afterAll(() => world.stop());

  /**
   * An order of a thousand Stars for 1,200 cents, by an organization that has 500, and so many sessions it can be paid
   * in.
   */
  const ordered = async (sessions = 1): Promise<{ org: TestOrg; id: string; sessions: AskedSession[] }> => {
    const org = await world.stars.org();
    const { id, session } = await world.order(org);
    const found = [session];
    while (found.length < sessions) found.push(world.sessionOf(await world.ask(org, CheckOut, { id })));
    return { org, id, sessions: found };
  };
  const paid = async (sessions = 1): Promise<{ org: TestOrg; id: string; sessions: AskedSession[] }> => {
    const made = await ordered(sessions);
    for (const session of made.sessions) await world.tell(world.stripe.paid(session));
    return made;
  };
  const overpaid = async (): Promise<string[]> =>
    (await world.operate(ListOverpayments, {})).items.map(({ payment }) => payment.id);

  it('that is paid twice has its Stars once; the second payment is seen by its organization and by operators', async () => {
    const { org, id, sessions } = await paid(2);
    expect(await world.balance(org)).toBe(1_500);
    expect(await world.shown(org)).toMatchObject({
      state: 'paid',
      cents: 1_200,
      paid_cents: 2_400,
      overpaid_cents: 1_200,
      charges: sessions.map((session) => ({
        provider: 'stripe',
        reference: world.stripe.intentOf(session),
        amount: 1_200,
        cents: 1_200,
        refunded: 0,
      })),
    });
    expect(await world.audited(org)).toEqual(['payment.checkout-offered', 'payment.received', 'payment.overpaid']);
    expect((await world.operate(ListOverpayments, {})).items).toContainEqual(
      expect.objectContaining({ org_id: org.id, payment: expect.objectContaining({ id, overpaid_cents: 1_200 }) }),
    );
  });

  it.each([0, 1])(
    'that is paid twice keeps its Stars when one charge goes back, whichever (charge %p)',
    async (which) => {
      const { org, id, sessions } = await paid(2);
      await world.tell(world.stripe.refunded(sessions[which] as AskedSession, 600));
      expect([await world.balance(org), (await world.shown(org)).overpaid_cents]).toEqual([1_500, 600]);
      await world.tell(world.stripe.refunded(sessions[which] as AskedSession, 1_200));
      expect(await world.balance(org)).toBe(1_500);
      expect(await world.shown(org)).toMatchObject({ state: 'paid', overpaid_cents: 0, refunded_cents: 1_200 });
      expect(await overpaid()).not.toContain(id);
      await world.tell(world.stripe.refunded(sessions[1 - which] as AskedSession, 300));
      expect([await world.balance(org), (await world.shown(org)).state]).toEqual([1_250, 'paid']);
      await world.tell(world.stripe.refunded(sessions[1 - which] as AskedSession, 1_200));
      expect(await world.balance(org)).toBe(500);
      expect(await world.shown(org)).toMatchObject({ state: 'refunded', taken_back_stars: 1_000 });
    },
  );

  it('that is overpaid is given back by an operator, once, however often it is asked for and told', async () => {
    const { org, id, sessions } = await paid(2);
    const before = world.stripe.refunds.length;
    const answers = await Promise.all(
      Array.from({ length: 3 }, () => world.operate(GiveBackOverpayment, { id }).catch(() => ({ items: [] }))),
    );
    expect(answers.flatMap(({ items }) => items)).toContainEqual(
      expect.objectContaining({ provider: 'stripe', amount: 1_200, currency: 'EUR', done: true }),
    );
    expect(await world.operate(GiveBackOverpayment, { id })).toEqual({ items: [] });
    expect(world.stripe.refunds.slice(before).map(({ fields }) => fields)).toEqual([
      { payment_intent: world.stripe.intentOf(sessions[1] as AskedSession), amount: '1200' },
    ]);
    const refund = { id: world.stripe.refunds.at(-1)?.id ?? '', amount: 1_200, status: 'succeeded' };
    await world.tell(world.stripe.refund(sessions[1] as AskedSession, refund));
    await world.tell(world.stripe.refunded(sessions[1] as AskedSession, 1_200));
    expect(await world.balance(org)).toBe(1_500);
    expect(await world.shown(org)).toMatchObject({ state: 'paid', overpaid_cents: 0, refunded_cents: 1_200 });
    expect(await overpaid()).not.toContain(id);
  });

  it('is not given back while Stripe does not answer, nor where nothing is too much or by anybody but operators', async () => {
    const { org, id } = await paid(2);
    world.stripe.failWith = 500;
    expect(await codeOf(world.operate(GiveBackOverpayment, { id }))).toBe('service_unavailable');
    world.stripe.failWith = undefined;
    expect((await world.shown(org)).overpaid_cents).toBe(1_200);
    expect(await world.operate(GiveBackOverpayment, { id: (await paid()).id })).toEqual({ items: [] });
    expect(await codeOf(world.operate(GiveBackOverpayment, { id: newId() }))).toBe('not_found');
    expect(await codeOf(world.ask(org, GiveBackOverpayment, { id }))).not.toBe('ok');
    expect((await world.operate(GiveBackOverpayment, { id })).items).toHaveLength(1);
  });

  it('that goes back as an operator says names the charge where there are several', async () => {
    const { org, id } = await paid(2);
    const reference = newId();
    expect(await codeOf(world.operate(RefundPayment, { id, reference, cents: 1_200 }))).toBe('state_conflict');
    const charge = (await world.shown(org)).charges?.[0]?.id ?? '';
    expect(await codeOf(world.operate(RefundPayment, { id, reference, cents: 1_201, charge }))).toBe('state_conflict');
    await world.operate(RefundPayment, { id, reference, cents: 600, charge });
    await world.operate(RefundPayment, { id, reference, cents: 600, charge });
    // A larger sum is no repetition: it would be noted nowhere.
    expect(await codeOf(world.operate(RefundPayment, { id, reference, cents: 1_200, charge }))).toBe('state_conflict');
    await world.operate(RefundPayment, { id, reference: `${reference}-2`, cents: 1_200, charge });
    expect([await world.balance(org), (await world.shown(org)).overpaid_cents]).toEqual([1_500, 0]);
  });

  it('has its refund told before its payment, and ends the same; a charge of somebody else is looked up and ignored', async () => {
    const { org, sessions } = await ordered();
    const [session] = sessions as [AskedSession];
    expect(await world.tell(world.stripe.refunded(session, 300))).toBe('done');
    expect(await world.shown(org)).toMatchObject({ state: 'open', charges: [{ amount: null, refunded: 0 }] });
    expect(await world.tell(world.stripe.paid(session))).toBe('done');
    expect(await world.balance(org)).toBe(1_250);
    const foreign = { ...session, id: `cs_${newId()}` };
    expect(await world.tell(world.stripe.refunded(foreign, 300))).toBe('ignored');
    expect(await world.tell(world.stripe.dispute(foreign, 'lost'))).toBe('ignored');
    world.stripe.failWith = 500;
    expect(await codeOf(world.tell(world.stripe.refunded(foreign, 300)))).toBe('service_unavailable');
  });

  it('has Stars again that a refund took which then failed', async () => {
    const { org, sessions } = await paid();
    const [session] = sessions as [AskedSession];
    await world.tell(world.stripe.refund(session, { id: 're_1', amount: 600, status: 'pending' }));
    await world.tell(world.stripe.refunded(session, 600));
    expect(await world.balance(org)).toBe(1_000);
    await world.tell(world.stripe.refund(session, { id: 're_1', amount: 600, status: 'failed' }));
    expect([await world.balance(org), (await world.shown(org)).refunded_cents]).toEqual([1_500, 0]);
    await world.tell(world.stripe.refund(session, { id: 're_1', amount: 600, status: 'pending' }));
    expect(await world.balance(org)).toBe(1_500);
  });

  it('that arrives for a suspended organization is booked; nothing new is ordered then, and Stripe is asked for nothing', async () => {
    const { org, id, sessions } = await ordered();
    const follow = (status: string) => org.as(() => world.stars.wallets.stand({ status }), ORGS);
    await follow('suspended');
    const before = world.stripe.sessions.length;
    expect(await codeOf(world.ask(org, BuyPack, { pack: 'pack-1000' }))).toBe('org_suspended');
    expect(await codeOf(world.ask(org, CheckOut, { id }))).toBe('org_suspended');
    expect(world.stripe.sessions).toHaveLength(before);
    expect(await world.tell(world.stripe.paid(sessions[0] as AskedSession))).toBe('done');
    expect(await world.stars.wallet(org)).toMatchObject({ standing: 'suspended', package_balance: 1_500 });
    await follow('active');
    expect((await world.stars.reserve(org, { stars: 1_000 })).outcome).toBe('reserved');
  });

  it('that arrives for an organization that is gone brings nothing, and is given back', async () => {
    const { org, id, sessions } = await ordered();
    await org.as(() => world.stars.wallets.close(), ORGS);
    expect(await codeOf(world.ask(org, BuyPack, { pack: 'pack-1000' }))).toBe('not_found');
    expect(await world.tell(world.stripe.paid(sessions[0] as AskedSession))).toBe('done');
    expect(await world.stars.wallet(org)).toMatchObject({ standing: 'closed', package_balance: 500 });
    expect(await overpaid()).toContain(id);
    expect((await world.operate(GiveBackOverpayment, { id })).items).toMatchObject([{ amount: 1_200, done: true }]);
    expect(await overpaid()).not.toContain(id);
  });
});
