import { GiveBackOverpayment } from '@apollo/contracts';
import type { TestOrg } from '@apollo/testing';
import type { AskedSession } from './stripe.server.spec.js';
import { StripeWorld } from './stripe.world.spec.js';

describe('a payment that is not told as the price we asked for', () => {
  let world: StripeWorld;
  beforeAll(async () => {
    world = await StripeWorld.start({ automaticTax: true });
  }, 300_000);
  afterEach(async () => expect(await world.stars.findings()).toEqual([]));
  afterAll(() => world.stop());

  const ordered = async (): Promise<{ org: TestOrg; id: string; session: AskedSession }> => {
    const org = await world.stars.org();
    return { org, ...(await world.order(org)) };
  };

  it('has taxes worked out on top where that is configured', async () => {
    const { session } = await ordered();
    expect(session.fields).toMatchObject({
      'automatic_tax[enabled]': 'true',
      'line_items[0][price_data][tax_behavior]': 'exclusive',
      'line_items[0][price_data][unit_amount]': '1200',
    });
  });

  it.each<[string, Record<string, unknown>, { amount: number; amount_currency: string }]>([
    [
      'with tax on top',
      {
        amount_subtotal: 1_200,
        amount_total: 1_428,
        total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 228 },
      },
      { amount: 1_428, amount_currency: 'EUR' },
    ],
    [
      "in the buyer's currency, with our price beside it",
      {
        currency: 'usd',
        amount_subtotal: 1_310,
        amount_total: 1_310,
        currency_conversion: { source_currency: 'eur', amount_subtotal: 1_200, amount_total: 1_200, fx_rate: '1.0917' },
      },
      { amount: 1_310, amount_currency: 'USD' },
    ],
    [
      "in the buyer's currency without cents, with tax",
      {
        currency: 'jpy',
        amount_subtotal: 2_000,
        amount_total: 2_200,
        currency_conversion: { source_currency: 'eur', amount_subtotal: 1_200, amount_total: 1_320, fx_rate: '1.6666' },
        total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 200 },
      },
      { amount: 2_200, amount_currency: 'JPY' },
    ],
    [
      'shown to the buyer in another currency, and told in ours',
      { presentment_details: { presentment_amount: 1_310, presentment_currency: 'usd' } },
      { amount: 1_200, amount_currency: 'EUR' },
    ],
  ])('is recognized: %s; refunds of it take the same part', async (_how, change, charged) => {
    const { org, session } = await ordered();
    expect(await world.tell(world.stripe.paid(session, change))).toBe('done');
    expect(await world.balance(org)).toBe(1_500);
    expect(await world.shown(org)).toMatchObject({
      state: 'paid',
      paid_cents: 1_200,
      overpaid_cents: 0,
      charges: [{ ...charged, cents: 1_200, currency: 'EUR' }],
    });
    await world.tell(world.stripe.refunded(session, charged.amount / 2));
    expect(await world.balance(org)).toBe(1_000);
    await world.tell(world.stripe.refunded(session, charged.amount));
    expect([await world.balance(org), (await world.shown(org)).state]).toEqual([500, 'refunded']);
  });

  it.each<[string, Record<string, unknown>, { paid_cents: number; amount: number; currency: string }]>([
    ['in a currency nobody asked for', { currency: 'jpy' }, { paid_cents: 0, amount: 1_200, currency: 'JPY' }],
    ['of too little', { amount_subtotal: 1, amount_total: 1 }, { paid_cents: 1, amount: 1, currency: 'EUR' }],
  ])('is noted and given back, and brings nothing: %s', async (_what, change, { paid_cents, amount, currency }) => {
    const { org, id, session } = await ordered();
    expect(await world.tell(world.stripe.paid(session, change))).toBe('done');
    expect(await world.balance(org)).toBe(500);
    expect(await world.shown(org)).toMatchObject({ state: 'open', paid_cents, charges: [{ amount, currency }] });
    expect(await world.audited(org)).toEqual(['payment.overpaid']);
    const { items } = await world.operate(GiveBackOverpayment, { id });
    expect(items).toMatchObject([{ amount, currency, done: true }]);
    expect(await world.operate(GiveBackOverpayment, { id })).toEqual({ items: [] });
  });

  it('of a part does not keep a transfer of the whole from paying; what is then too much came in by hand, and goes back by hand', async () => {
    const { org, id, session } = await ordered();
    await world.tell(world.stripe.paid(session, { amount_subtotal: 1_000, amount_total: 1_000 }));
    await world.stars.confirm(id, 'transfer of the whole');
    expect(await world.balance(org)).toBe(1_500);
    expect((await world.operate(GiveBackOverpayment, { id })).items).toMatchObject([
      { provider: 'manual', amount: 1_000, done: false },
    ]);
  });
});
