import { surplusOf, type ChargeBalance } from './surplus.rules.js';

describe('money that no order needs', () => {
  const order = { cents: 1_200, currency: 'EUR', isPaid: true };
  const charge = (id: string, change: Partial<ChargeBalance> = {}): ChargeBalance => ({
    id,
    cents: 1_200,
    currency: 'EUR',
    amount: 1_200,
    refunded: 0,
    disputed: 0,
    lost: 0,
    ...change,
  });
  const unpaid = charge('unpaid', { cents: null, currency: null, amount: null });

  it.each<[string, ChargeBalance[], { charge: string; amount: number }[]]>([
    ['nothing of an order that was paid once', [charge('a')], []],
    ['nothing of what is not known to have been paid', [charge('a'), unpaid], []],
    ['the newest of two charges', [charge('a'), charge('b')], [{ charge: 'b', amount: 1_200 }]],
    [
      'all but one of three',
      [charge('a'), charge('b'), charge('c')],
      [
        { charge: 'c', amount: 1_200 },
        { charge: 'b', amount: 1_200 },
      ],
    ],
    ['nothing more where the other went back', [charge('a', { refunded: 1_200 }), charge('b')], []],
    ['what stays beyond the price', [charge('a', { refunded: 500 }), charge('b')], [{ charge: 'b', amount: 700 }]],
    [
      'the same part of what was charged, tax and all',
      [charge('a', { refunded: 600 }), charge('b', { amount: 1_428 })],
      [{ charge: 'b', amount: 714 }],
    ],
    [
      'what was charged in yen, as a whole',
      [charge('a'), charge('b', { currency: 'JPY', amount: 1_300, refunded: 300 })],
      [{ charge: 'b', amount: 1_000 }],
    ],
    [
      'another charge than the one in dispute',
      [charge('a'), charge('b'), charge('c', { disputed: 1_200 })],
      [{ charge: 'b', amount: 1_200 }],
    ],
    ['nothing while what would be too much is in dispute', [charge('a'), charge('b', { disputed: 1_200 })], []],
    ['nothing that was lost', [charge('a'), charge('b', { lost: 1_200 })], []],
  ])('is %s', (_what, charges, expected) => {
    expect(surplusOf(order, charges)).toEqual(expected);
  });

  it('is all there is of an order that is not paid: too little, or for an organization that is gone', () => {
    expect(surplusOf({ ...order, isPaid: false }, [charge('a', { cents: 100, amount: 119, refunded: 19 })])).toEqual([
      { charge: 'a', amount: 100 },
    ]);
  });
});
