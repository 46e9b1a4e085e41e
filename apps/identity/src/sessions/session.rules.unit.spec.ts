import { later } from '../process/clock.js';
import { judgeRefresh, type PresentedToken } from './session.rules.js';

const now = new Date('2026-03-01T12:00:00Z');
const fresh: PresentedToken = { usedOnArrival: false, usedAt: null, expiresAt: later(now, 1), sessionEnded: false };

it('rotates a token that was never used', () => {
  expect(judgeRefresh(fresh, now, now)).toBe('rotate');
});

it('ends the family of a token that was used before the request arrived, if only by a moment', () => {
  expect(judgeRefresh({ ...fresh, usedOnArrival: true, usedAt: now }, now, now)).toBe('reused');
  expect(judgeRefresh({ ...fresh, usedOnArrival: true, usedAt: later(now, -1) }, now, now)).toBe('reused');
});

it('only turns away a request that was under way while another used the token', () => {
  expect(judgeRefresh({ ...fresh, usedAt: now }, now, now)).toBe('overtaken');
  expect(judgeRefresh({ ...fresh, usedOnArrival: true, usedAt: now }, later(now, -1), now)).toBe('overtaken');
});

it('refuses what is unknown, expired or of an ended session, used or not', () => {
  expect(judgeRefresh(undefined, now, now)).toBe('refused');
  expect(judgeRefresh({ ...fresh, expiresAt: now }, now, now)).toBe('refused');
  expect(judgeRefresh({ ...fresh, sessionEnded: true }, now, now)).toBe('refused');
  expect(judgeRefresh({ ...fresh, usedOnArrival: true, usedAt: later(now, -5), sessionEnded: true }, now, now)).toBe(
    'refused',
  );
});
