import { WatchImport } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { orgContext, testOrg, type TestOrg, twoOrgs } from '@apollo/testing';
import type { Envelope } from '../envelope/envelope.codec.js';
import { LiveAudience } from './live.audience.js';

const { jest } = import.meta;

const id = newId();

function asker(org: TestOrg, more: Partial<Envelope> = {}): Envelope {
  const context = orgContext(org.id, org.owner, 'owner');
  return { issuer: 'gateway', context, idempotencyKey: newId(), ...more } as Envelope;
}

describe('who watches', () => {
  let now = 0;
  let audience: LiveAudience;
  beforeEach(() => {
    now = 0;
    audience = new LiveAudience(() => now);
  });
  afterEach(() => audience.close());

  const keep = (org: TestOrg, as: Envelope, reply = '_R_.x') =>
    org.as(() => audience.keep(as, WatchImport, { id }, reply));
  const replies = (org: TestOrg, channel = id): string[] => {
    const found = org.as(() => audience.channel(WatchImport, channel));
    return found ? audience.watchersOf(found).map(({ reply }) => reply) : [];
  };

  it('is found by the acting organization and the channel, and by no other', () => {
    const [a, b] = twoOrgs();
    keep(a, asker(a));
    expect(replies(a)).toEqual(['_R_.x']);
    expect([replies(b), replies(a, newId())]).toEqual([[], []]);
  });

  it('is shown things for fifteen seconds after each time of asking, where they asked last', () => {
    const a = testOrg();
    const one = asker(a);
    keep(a, one);
    now = 14_000;
    keep(a, one, '_R_.y');
    now = 28_999;
    expect(replies(a)).toEqual(['_R_.y']);
    now = 29_000;
    expect(replies(a)).toEqual([]);
  });

  it('is forgotten once those fifteen seconds are over, and makes room', () => {
    jest.useFakeTimers();
    try {
      const a = testOrg();
      for (let n = 0; n < 1_000; n++) keep(a, asker(a));
      now = 14_999;
      jest.advanceTimersByTime(5_000);
      expect(() => keep(a, asker(a))).toThrow('Too many are watching.');
      now = 15_000;
      jest.advanceTimersByTime(5_000);
      expect(a.as(() => audience.channel(WatchImport, id))).toBeUndefined();
      expect(() => keep(a, asker(a))).not.toThrow();
    } finally {
      jest.useRealTimers();
    }
  });

  it('is neither prolonged nor ended by anybody else who uses the same key', () => {
    const a = testOrg();
    const one = asker(a);
    keep(a, one);
    const others = [
      asker(a, { idempotencyKey: one.idempotencyKey, context: orgContext(a.id, a.viewer, 'viewer') }),
      asker(a, { idempotencyKey: one.idempotencyKey, issuer: 'agents' }),
      asker(testOrg(), { idempotencyKey: one.idempotencyKey }),
    ];
    for (const other of others) audience.leave(other, WatchImport, { id });
    expect(replies(a)).toEqual(['_R_.x']);
    audience.leave(one, WatchImport, { id });
    expect(replies(a)).toEqual([]);
  });

  it('is so many of one organization, and leaves room for others', () => {
    const [a, b] = twoOrgs();
    const open = Array.from({ length: 1_000 }, () => asker(a));
    for (const each of open) keep(a, each);
    expect(() => keep(a, asker(a))).toThrow('Too many are watching.');
    expect(() => keep(b, asker(b))).not.toThrow();
    // Who watches already is not in the way of themselves.
    expect(() => keep(a, open[0] as Envelope)).not.toThrow();
    audience.leave(open[0] as Envelope, WatchImport, { id });
    expect(() => keep(a, asker(a))).not.toThrow();
  });

  it('is so many of one service, and leaves room for another', () => {
    const orgs = Array.from({ length: 6 }, () => testOrg());
    for (const org of orgs) for (let n = 0; n < 1_000; n++) keep(org, asker(org));
    const a = testOrg();
    expect(() => keep(a, asker(a))).toThrow('Too many are watching.');
    expect(() => keep(a, asker(a, { issuer: 'agents' }))).not.toThrow();
  });
});
