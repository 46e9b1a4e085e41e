import fc from 'fast-check';
import { PACKS, PLANS } from './offer.table.js';
import { daysLeft, planChange } from './plan.rules.js';

const { starter, team, scale } = PLANS;

describe('a change of plan', () => {
  it.each([
    [
      'nothing to Starter on the first day is a whole month',
      null,
      starter,
      '2026-03-01',
      { stars: 2_000, cents: 1_900 },
    ],
    [
      'Starter to Team in the middle is the difference of what is left',
      starter,
      team,
      '2026-03-16',
      { stars: 4_130, cents: 3_096 },
    ],
    ['on the last day is one day', team, scale, '2026-02-28', { stars: 1_429, cents: 785 }],
    ['in a leap year counts the day more', null, team, '2028-02-29', { stars: 345, cents: 272 }],
  ] as const)('from %s', (_name, from, to, day, expected) => {
    expect(planChange(from, to, day)).toEqual({ when: 'now', ...expected });
  });

  it('to fewer Stars or none comes with the next period', () => {
    expect(planChange(scale, starter, '2026-03-16')).toEqual({ when: 'next-period' });
    expect(planChange(starter, null, '2026-03-16')).toEqual({ when: 'next-period' });
  });

  it('to the plan that holds is none', () => {
    expect(planChange(team, team, '2026-03-16')).toEqual({ when: 'never' });
    expect(planChange(null, null, '2026-03-16')).toEqual({ when: 'never' });
  });

  it('never costs more than the month, nor gives more, and always something for something', () => {
    const plans = fc.constantFrom(null, starter, team, scale);
    fc.assert(
      fc.property(
        plans,
        plans,
        fc.date({ min: new Date('2026-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
        (from, to, date) => {
          const change = planChange(from, to, date.toISOString().slice(0, 10));
          if (change.when !== 'now') return;
          expect(Number.isSafeInteger(change.stars) && change.stars > 0 && change.stars <= (to?.stars ?? 0)).toBe(true);
          expect(Number.isSafeInteger(change.cents) && change.cents >= 50 && change.cents <= (to?.cents ?? 0)).toBe(
            true,
          );
        },
      ),
    );
  });

  it('counts the days of each month', () => {
    expect([daysLeft('2026-01-31'), daysLeft('2026-12-01'), daysLeft('2026-04-15')]).toEqual([
      { left: 1, days: 31 },
      { left: 31, days: 31 },
      { left: 16, days: 30 },
    ]);
  });
});

describe('the offers', () => {
  it('are cheaper by the Star the more there are of them, in whole cents', () => {
    for (const offers of [Object.values(PLANS), Object.values(PACKS)]) {
      const byStar = offers.map(({ stars, cents }) => cents / stars);
      expect(byStar).toEqual([...byStar].sort((a, b) => b - a));
      for (const { stars, cents } of offers)
        expect(Number.isSafeInteger(stars) && Number.isSafeInteger(cents) && cents > 0).toBe(true);
    }
  });
});
