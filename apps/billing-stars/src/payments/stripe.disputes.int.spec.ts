import { CheckOut, GiveBackOverpayment } from '@apollo/contracts';
import type { TestOrg } from '@apollo/testing';
import type { AskedSession } from './stripe.server.spec.js';
import { StripeWorld } from './stripe.world.spec.js';

describe('a dispute', () => {
  let world: StripeWorld;
  beforeAll(async () => {
    world = await StripeWorld.start();
  }, 300_000);
  afterEach(async () => expect(await world.stars.findings()).toEqual([]));
  afterAll(() => world.stop());

  const paid = async (): Promise<{ org: TestOrg; id: string; session: AskedSession }> => {
    const org = await world.stars.org();
    const made = await world.order(org);
    await world.tell(world.stripe.paid(made.session));
    return { org, ...made };
  };

  it('holds the Stars of its charge while it is open, and releases them when it is won', async () => {
    const { org, session } = await paid();
    expect(await world.tell(world.stripe.dispute(session, 'needs_response', { at: 10 }))).toBe('done');
    expect(await world.balance(org)).toBe(500);
    expect(await world.shown(org)).toMatchObject({
      state: 'disputed',
      disputed_cents: 1_200,
      taken_back_stars: 1_000,
      charges: [{ disputed: 1_200, lost: 0 }],
    });
    await world.tell(world.stripe.dispute(session, 'under_review', { at: 20 }));
    expect(await world.balance(org)).toBe(500);
    expect(await world.tell(world.stripe.dispute(session, 'won', { at: 30 }))).toBe('done');
    expect(await world.balance(org)).toBe(1_500);
    expect(await world.shown(org)).toMatchObject({ state: 'paid', disputed_cents: 0, taken_back_stars: 0 });
    // Told late and again, it changes nothing.
    await world.tell(world.stripe.dispute(session, 'needs_response', { at: 10 }));
    await world.tell(world.stripe.dispute(session, 'under_review', { at: 40 }));
    expect(await world.balance(org)).toBe(1_500);
    expect(await world.audited(org)).toEqual(['payment.received', 'payment.disputed', 'payment.reinstated']);
  });

  it('takes them for good when it is lost, and gives them again when an appeal is won', async () => {
    const { org, session } = await paid();
    await world.tell(world.stripe.dispute(session, 'lost', { at: 30 }));
    await world.tell(world.stripe.dispute(session, 'needs_response', { at: 10 }));
    expect(await world.balance(org)).toBe(500);
    expect(await world.shown(org)).toMatchObject({
      state: 'refunded',
      refunded_cents: 1_200,
      charges: [{ lost: 1_200 }],
    });
    await world.tell(world.stripe.dispute(session, 'appeal_under_review', { at: 40 }));
    expect(await world.balance(org)).toBe(500);
    await world.tell(world.stripe.dispute(session, 'won', { at: 50 }));
    expect([await world.balance(org), (await world.shown(org)).state]).toEqual([1_500, 'paid']);
  });

  it('has Stars owed that are spent already, which block reservations, and pays that again when it is won', async () => {
    const { org, session } = await paid();
    await world.stars.settle(org, await world.stars.hold(org, { stars: 1_000 }), 1_000);
    await world.tell(world.stripe.dispute(session, 'needs_response', { at: 10 }));
    expect(await world.stars.wallet(org)).toMatchObject({ state: 'owing', package_balance: 0, overdraft: 500 });
    expect(await world.stars.reserve(org, { stars: 1 })).toMatchObject({ outcome: 'refused', reason: 'owing' });
    await world.tell(world.stripe.dispute(session, 'won', { at: 20 }));
    expect(await world.stars.wallet(org)).toMatchObject({ state: 'active', package_balance: 500, overdraft: 0 });
  });

  it('gives Stars that were owed and have been paid for meanwhile as package Stars', async () => {
    const { org, session } = await paid();
    for (const stars of [1_000, 500]) await world.stars.settle(org, await world.stars.hold(org, { stars }), stars);
    await world.tell(world.stripe.dispute(session, 'needs_response', { at: 10 }));
    await world.stars.grant(org, { stars: 1_000 });
    expect(await world.stars.wallet(org)).toMatchObject({ state: 'active', package_balance: 0, overdraft: 0 });
    await world.tell(world.stripe.dispute(session, 'won', { at: 20 }));
    expect(await world.balance(org)).toBe(1_000);
  });

  it('of a part holds that part; one that only asks holds nothing, until it becomes one', async () => {
    const { org, session } = await paid();
    await world.tell(world.stripe.dispute(session, 'warning_needs_response', { at: 10, amount: 300 }));
    expect(await world.balance(org)).toBe(1_500);
    await world.tell(world.stripe.dispute(session, 'needs_response', { at: 20, amount: 300 }));
    expect(await world.balance(org)).toBe(1_250);
    await world.tell(world.stripe.refunded(session, 600));
    expect(await world.balance(org)).toBe(750);
    await world.tell(world.stripe.dispute(session, 'lost', { at: 30, amount: 300 }));
    expect(await world.shown(org)).toMatchObject({ state: 'paid', refunded_cents: 900, taken_back_stars: 750 });
  });

  it('in another currency than the charge is of all of it', async () => {
    const { org, session } = await paid();
    await world.tell(world.stripe.dispute(session, 'needs_response', { at: 10, amount: 300, currency: 'usd' }));
    expect(await world.balance(org)).toBe(500);
  });

  it('of one of two charges takes nothing, and what is in dispute is not given back', async () => {
    const { org, id, session } = await paid();
    const before = world.stripe.refunds.length;
    expect(
      await world.stars.test.admin('select 1 from billing_stars.overpayments where payment_id = $1', [id]),
    ).toEqual([]);
    const again = await world.order(org);
    const second = world.sessionOf(await world.ask(org, CheckOut, { id: again.id }));
    for (const one of [again.session, second]) await world.tell(world.stripe.paid(one));
    await world.tell(world.stripe.dispute(second, 'needs_response', { at: 10 }));
    expect(await world.balance(org)).toBe(2_500);
    expect(await world.operate(GiveBackOverpayment, { id: again.id })).toEqual({ items: [] });
    await world.tell(world.stripe.dispute(second, 'won', { at: 20 }));
    expect((await world.operate(GiveBackOverpayment, { id: again.id })).items).toHaveLength(1);
    expect(world.stripe.refunds).toHaveLength(before + 1);
    expect(await world.balance(org)).toBe(2_500);
    await world.tell(world.stripe.refunded(session, 1_200));
    expect(await world.balance(org)).toBe(1_500);
  });
});
