import fc from 'fast-check';
import { type Meter, type PastHold, simulate, type HypotheticalCap } from './cap.simulation.js';

/** What a spec says of a reservation; `settled` null is one that is open. */
interface Past {
  readonly day?: string;
  readonly period?: string;
  readonly agent?: string;
  readonly person?: string | null;
  readonly run?: string;
  readonly stars?: number;
  readonly settled?: number | null;
  readonly endedAt?: number;
}

const hold = (at: number, past: Past = {}): PastHold => {
  const { day = '2026-03-10', period = '2026-03-01', agent = 'a', person = null, run = 'r', stars = 10 } = past;
  const { settled = 10, endedAt = at + 1 } = past;
  const meters: Meter[] = [
    ['org_month', 'org', period],
    ['agent_day', agent, day],
  ];
  if (person) meters.push(['user_agent_month', `${agent}/${person}`, period]);
  const ends = settled === null ? [] : [{ at: endedAt, freed: stars - settled }];
  return { at, meters, agent, person, run, stars, ends };
};
const cap = (
  layer: HypotheticalCap['layer'],
  stars: number,
  subject = layer === 'org_month' ? 'org' : '*',
): HypotheticalCap => ({
  layer,
  subject,
  stars,
});

describe('a simulation of caps', () => {
  it('refuses what does not fit any more, and names the first with its layer and what was used', () => {
    const past = [hold(1), hold(3), hold(5), hold(7, { run: 'late' })];
    const result = simulate(past, [cap('org_month', 25)], 0);
    expect(result).toMatchObject({
      reservations: 4,
      refused: 2,
      refusedStars: 20,
      first: { layer: 'org_month', cap: 25, used: 20, hold: { at: 5 } },
    });
    expect(result.caps).toEqual([{ refused: 2, refusedStars: 20, firstRefusedAt: 5, peak: 20 }]);
  });

  it('asks the layers in their order, and counts a refusal for the first alone', () => {
    const past = [hold(1, { person: 'p' }), hold(3, { person: 'p' })];
    const result = simulate(
      past,
      [cap('user_agent_month', 10, 'a/p'), cap('agent_day', 10, 'a'), cap('org_month', 10)],
      0,
    );
    expect(result.first?.layer).toBe('org_month');
    expect(result.caps.map(({ refused }) => refused)).toEqual([0, 0, 1]);
  });

  it('holds what is reserved until its end, and gives back what was not spent', () => {
    const open = [hold(1, { settled: null }), hold(3)];
    expect(simulate(open, [cap('org_month', 15)], 0).refused).toBe(1);
    const back = [hold(1, { settled: 0, endedAt: 2 }), hold(3)];
    expect(simulate(back, [cap('org_month', 15)], 0).refused).toBe(0);
    const atOnce = [hold(1, { settled: 0, endedAt: 3 }), hold(3)];
    expect(simulate(atOnce, [cap('org_month', 15)], 0).refused).toBe(0);
    const overdrawn = [hold(1, { settled: 14, endedAt: 2 }), hold(3, { stars: 2 })];
    expect(simulate(overdrawn, [cap('org_month', 15)], 0).refused).toBe(1);
    const late = {
      ...hold(1),
      ends: [
        { at: 2, freed: 10 },
        { at: 5, freed: -10 },
      ],
    };
    expect(simulate([late, hold(3, { settled: 0 }), hold(6)], [cap('org_month', 15)], 0)).toMatchObject({
      refused: 1,
      first: { hold: { at: 6 }, used: 10 },
    });
  });

  it('begins anew with each day and month, and for each agent and person', () => {
    const past = [
      hold(1),
      hold(3, { day: '2026-03-11' }),
      hold(5, { agent: 'b', day: '2026-03-11' }),
      hold(7, { agent: 'b', day: '2026-03-11' }),
    ];
    expect(simulate(past, [cap('agent_day', 10)], 0)).toMatchObject({ refused: 1, first: { hold: { at: 7 } } });
    expect(simulate(past, [cap('agent_day', 10), cap('agent_day', 20, 'b')], 0).refused).toBe(0);
    expect(simulate([hold(1), hold(3, { period: '2026-04-01' })], [cap('org_month', 10)], 0).refused).toBe(0);
  });

  it('lets what came before fill the caps, and does not count it', () => {
    const past = [hold(1), hold(2), hold(3)];
    expect(simulate(past, [cap('org_month', 10)], 3)).toMatchObject({ reservations: 1, refused: 1, refusedStars: 10 });
  });

  it('refuses nothing where nothing is capped', () => {
    expect(simulate([hold(1), hold(2)], [], 0)).toMatchObject({ reservations: 2, refused: 0, first: null });
  });

  it('never lets more be spent and held than the cap at any moment, however reservations and ends lie', () => {
    const past = fc.array(
      fc.record({
        at: fc.nat(100),
        stars: fc.integer({ min: 1, max: 20 }),
        lasts: fc.nat(40),
        part: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(past, fc.nat(60), (records, stars) => {
        const holds = records
          .map(({ at, stars: wanted, lasts, part }) =>
            hold(at, { stars: wanted, endedAt: at + lasts, settled: Math.floor(wanted * part) }),
          )
          .sort((x, y) => x.at - y.at);
        const { caps, refused } = simulate(holds, [cap('org_month', stars)], 0);
        expect(caps[0]?.peak).toBeLessThanOrEqual(stars);
        // By another path: one after the other, everything summed anew for each.
        const let_in: PastHold[] = [];
        for (const each of holds) {
          const now = let_in.reduce(
            (sum, one) => sum + one.ends.reduce((left, end) => left - (end.at <= each.at ? end.freed : 0), one.stars),
            0,
          );
          if (now + each.stars <= stars) let_in.push(each);
        }
        expect(refused).toBe(holds.length - let_in.length);
      }),
    );
  });
});
