import { later } from '@apollo/tenancy';
import { judgeRefresh, type PresentedToken, REFRESH_GRACE_MS, trulyUsed } from './session.rules.js';

const now = new Date('2026-03-01T12:00:00Z');
const fresh: PresentedToken = {
  usedOnArrival: false,
  usedAt: null,
  usedBy: null,
  expiresAt: later(now, 1),
  sessionEnded: false,
};
const judge = (token: PresentedToken | undefined, arrivedAt: Date, client = 'other') =>
  judgeRefresh(token, client, arrivedAt, now);

it('rotates a token that was never used', () => {
  expect(judge(fresh, now)).toBe('rotate');
});

it('ends the family of a token that was used before the request arrived, if only by a moment', () => {
  expect(judge({ ...fresh, usedOnArrival: true, usedAt: now }, now)).toBe('reused');
  expect(judge({ ...fresh, usedOnArrival: true, usedAt: later(now, -1) }, now)).toBe('reused');
});

it('only turns away a request that was under way while another used the token', () => {
  expect(judge({ ...fresh, usedAt: now }, now)).toBe('overtaken');
  expect(judge({ ...fresh, usedOnArrival: true, usedAt: now }, later(now, -1))).toBe('overtaken');
});

it('refuses what is unknown or expired, and lets nobody go on by what rows say has ended', () => {
  expect(judge(undefined, now)).toBe('refused');
  expect(judge({ ...fresh, expiresAt: now }, now)).toBe('refused');
  expect(judge({ ...fresh, sessionEnded: true }, now)).toBe('refused');
});

it('ends the family of a used token whatever rows say of it', () => {
  const used = { ...fresh, usedOnArrival: true, usedAt: later(now, -5) };
  expect(judge({ ...used, sessionEnded: true }, now)).toBe('reused');
  expect(judge({ ...used, sessionEnded: true, expiresAt: now }, now)).toBe('refused');
});

it('gives the client that used a token the same answer again for a short while, and no other', () => {
  const used = { ...fresh, usedOnArrival: true, usedAt: later(now, -REFRESH_GRACE_MS), usedBy: 'one' };
  expect(judge(used, now, 'one')).toBe('repeated');
  expect(judge({ ...used, usedAt: later(now, -REFRESH_GRACE_MS - 1) }, now, 'one')).toBe('reused');
  expect(judge(used, now, 'other')).toBe('reused');
  expect(judge({ ...used, sessionEnded: true }, now, 'one')).toBe('refused');
  expect(judge({ ...used, expiresAt: now }, now, 'one')).toBe('refused');
});

it('takes no token for unused, or for used later than it was, that is not the current one of its session', () => {
  const rotatedAt = later(now, -60_000);
  expect(trulyUsed(null, true, rotatedAt)).toBeNull();
  expect(trulyUsed(null, false, rotatedAt)).toEqual(rotatedAt);
  expect(trulyUsed(now, false, rotatedAt)).toEqual(rotatedAt);
  expect(trulyUsed(later(rotatedAt, -1), false, rotatedAt)).toEqual(later(rotatedAt, -1));
});
