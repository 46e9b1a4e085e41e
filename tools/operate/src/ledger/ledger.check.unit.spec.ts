import { ledgerText } from './ledger.check.js';

describe('what a look at the ledger says', () => {
  const finding = { equation: 'e', org_id: 'o', subject: 's', expected: '1', actual: '2' };

  it('counts one as one and several as several', () => {
    expect(ledgerText({ findings: [], wallets: 1, holds: 0, entries: 1, tookMs: 2.4 })).toBe(
      '\u2713 all of it adds up: 1 wallet, 0 holds, 1 entry, in 2 ms',
    );
    expect(ledgerText({ findings: [finding], wallets: 2, holds: 1, entries: 3, tookMs: 1 })).toBe(
      '\u2717 1 equation does not hold: 2 wallets, 1 hold, 3 entries, in 1 ms\n  e: s of o is 2 instead of 1',
    );
    expect(ledgerText({ findings: [finding, finding], wallets: 1, holds: 1, entries: 1, tookMs: 1 })).toContain(
      '2 equations do not hold',
    );
  });
});
