import { BuyPack, ChangePlan, CheckOut } from '@apollo/contracts';
import type { TestOrg } from '@apollo/testing';
import fc from 'fast-check';
import type { AskedSession, SignedMessage } from './stripe.server.spec.js';
import { StripeWorld } from './stripe.world.spec.js';

/** What becomes of one session of an order: sums in parts of what was charged. */
interface Life {
  readonly paid: boolean;
  /** What was charged for each cent of the price, in hundredths: above 100 with tax. */
  readonly gross: number;
  /** Refunds as sums told one after the other. */
  readonly refunds: readonly number[];
  /** A refund that failed in the end. */
  readonly failed: number;
  readonly dispute: { readonly amount: number; readonly states: readonly string[] } | null;
}

const life: fc.Arbitrary<Life> = fc.record({
  paid: fc.constantFrom(true, true, true, false),
  gross: fc.constantFrom(100, 119),
  refunds: fc
    .uniqueArray(fc.constantFrom(100, 333, 600, 1_200), { maxLength: 2 })
    .map((sums) => sums.sort((a, b) => a - b)),
  failed: fc.constantFrom(0, 0, 250),
  dispute: fc.option(
    fc.record({
      amount: fc.constantFrom(300, 1_200),
      states: fc.constantFrom(
        ['needs_response'],
        ['needs_response', 'under_review', 'won'],
        ['needs_response', 'lost'],
        ['needs_response', 'lost', 'appeal_under_review', 'won'],
        ['warning_needs_response', 'warning_closed'],
      ),
    }),
  ),
});

/** A history of an order of two sessions, and an order in which it is told, some of it twice. */
const history = fc.record({
  lives: fc.tuple(life, life),
  isPlan: fc.boolean(),
  spent: fc.constantFrom(0, 200, 500),
  places: fc.array(fc.nat(1_000), { minLength: 40, maxLength: 40 }),
});

const OPEN = ['needs_response', 'under_review'];

describe('what is told of an order', () => {
  let world: StripeWorld;
  beforeAll(async () => {
    world = await StripeWorld.start();
    await world.stars.clock('2026-03-01 12:00:00Z');
  }, 300_000);
  afterAll(() => world.stop());

  /** Everything Stripe tells of a session's life, in the order it happened. */
  const told = (
    session: AskedSession,
    price: number,
    { paid, gross, refunds, failed, dispute }: Life,
  ): SignedMessage[] => {
    const amount = Math.floor((price * gross) / 100);
    const totals = { amount_discount: 0, amount_shipping: 0, amount_tax: amount - price };
    const messages: SignedMessage[] = [];
    if (paid) messages.push(world.stripe.paid(session, { amount_total: amount, total_details: totals }));
    for (const sum of refunds) messages.push(world.stripe.refunded(session, sum));
    if (failed > 0) {
      const refund = { id: 're_failed', amount: failed };
      messages.push(
        world.stripe.refund(session, { ...refund, status: 'pending' }, { created: 50 }),
        world.stripe.refunded(session, (refunds.at(-1) ?? 0) + failed),
        world.stripe.refund(session, { ...refund, status: 'failed' }, { created: 60 }),
      );
    }
    for (const [n, state] of (dispute?.states ?? []).entries())
      messages.push(world.stripe.dispute(session, state, { at: 100 + n, amount: dispute?.amount }));
    return messages;
  };

  /** An order of an organization that has spent some of its 500 Stars, and two sessions for it. */
  const ordered = async (
    isPlan: boolean,
    spent: number,
  ): Promise<{ org: TestOrg; sessions: AskedSession[]; price: number; stars: number }> => {
    const org = await world.stars.org();
    if (spent > 0) await world.stars.settle(org, await world.stars.hold(org, { stars: spent }), spent);
    if (isPlan) await world.ask(org, ChangePlan, { plan: 'starter' });
    else await world.ask(org, BuyPack, { pack: 'pack-1000' });
    const { id, cents, stars, ...rest } = await world.shown(org);
    const first = world.sessionOf({ id, cents, stars, ...rest });
    const second = world.sessionOf(await world.ask(org, CheckOut, { id }));
    return { org, sessions: [first, second], price: cents, stars };
  };

  /** Where an organization has ended: its wallet, its ledger by account, its order but for names and times. */
  const ended = async (org: TestOrg): Promise<Record<string, unknown>> => {
    const { monthly_balance, package_balance, overdraft, state } = await world.stars.wallet(org);
    const { charges = [], ...order } = await world.shown(org);
    const ledger = await world.stars.test.admin(
      `select account, sum(debit - credit)::int as sum from billing_stars.ledger_entries where org_id = $1 group by 1 having sum(debit - credit) <> 0 order by 1`,
      [org.id],
    );
    return {
      wallet: { monthly_balance, package_balance, overdraft, state },
      ledger,
      order: [
        order.state,
        order.paid_cents,
        order.refunded_cents,
        order.disputed_cents,
        order.overpaid_cents,
        order.taken_back_stars,
      ],
      charges: charges
        .filter(({ amount }) => amount !== null)
        .map(({ amount, cents, refunded, disputed, lost }) => [amount, cents, refunded, disputed, lost].join(' '))
        .sort(),
    };
  };

  /** What must be left, worked out from what happened alone: cents that stay, and Stars of the order. */
  const expected = (lives: readonly Life[], price: number, stars: number): { kept: number; stars: number } => {
    const charged = lives.filter(({ paid }) => paid);
    const kept = charged.reduce((sum, { gross, refunds, dispute }) => {
      const amount = Math.floor((price * gross) / 100);
      const last = dispute?.states.at(-1) ?? '';
      const lost = last === 'lost' || OPEN.includes(last) ? (dispute?.amount ?? 0) : 0;
      const gone = Math.min(amount, Math.min(amount, refunds.at(-1) ?? 0) + lost);
      return sum + price - Math.floor((price * gone) / amount);
    }, 0);
    if (charged.length === 0) return { kept, stars: 0 };
    return { kept, stars: stars - Math.floor((stars * Math.max(0, price - kept)) / price) };
  };

  it('ends in the same ledger, order and charges in whatever order and however often it is told, and no money is lost', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ lives, isPlan, spent, places }) => {
        const results = [];
        for (const isShuffled of [false, true]) {
          const { org, sessions, price, stars } = await ordered(isPlan, spent);
          const messages = sessions.flatMap((session, n) => told(session, price, lives[n] as Life));
          const all = isShuffled
            ? [...messages, ...messages.filter((_, n) => (places[n] as number) % 2)]
                .map((message, n) => ({ message, place: places[n % places.length] as number }))
                .sort((x, y) => x.place - y.place)
                .map(({ message }) => message)
            : messages;
          for (const message of all) await world.tell(message);
          const end = await ended(org);
          const must = expected(lives, price, stars);
          const [, paid, refunded, disputed] = end['order'] as [string, number, number, number];
          const { monthly_balance, package_balance, overdraft } = end['wallet'] as Record<string, number>;
          expect((paid as number) - refunded - disputed).toBe(must.kept);
          expect(Number(monthly_balance) + Number(package_balance) - Number(overdraft)).toBe(500 - spent + must.stars);
          results.push(end);
        }
        expect(results[1]).toEqual(results[0]);
        expect(await world.stars.findings()).toEqual([]);
      }),
      { numRuns: 25 },
    );
  }, 240_000);
});
