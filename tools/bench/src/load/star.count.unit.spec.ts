import { StarCount } from './star.count.js';

describe('the callers\u2019 own count of Stars', () => {
  const count = new StarCount();
  count.add({ agent: 'a', person: 'p' }, 5);
  count.add({ agent: 'a', person: 'q' }, 4);
  count.add({ agent: 'a', person: 'p' }, -2);

  it('finds what was used above a cap of any layer', () => {
    expect(count.overspent({ org_month: 7, agent_day: 7, user_agent_month: 4 })).toBe(0);
    expect(count.overspent({ org_month: 6, agent_day: 5, user_agent_month: 3 })).toBe(1 + 2 + 1);
  });

  it('finds where the ledger counts otherwise, also what it does not know and what only it knows', () => {
    const ledger = new Map([
      ['org_month org', 7],
      ['agent_day a', 7],
      ['user_agent_month a/p', 3],
      ['user_agent_month a/q', 4],
    ]);
    expect(count.drift(ledger)).toBe(0);
    expect(count.drift(new Map([...ledger, ['agent_day a', 6], ['agent_day b', 3]]))).toBe(1 + 3);
    expect(count.drift(new Map())).toBe(21);
  });
});
