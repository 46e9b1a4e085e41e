import { later } from '@apollo/tenancy';
import { nextKey, PUBLISHED_AHEAD_MS, publishedKeys, SIGNING_PERIOD_MS, signingKeyAt } from './signing.key.rules.js';

const start = new Date('2026-01-01T00:00:00Z');
const first = { generation: 1, signsFrom: start };
const second = { generation: 2, signsFrom: later(start, SIGNING_PERIOD_MS) };

it('makes the first key at once', () => {
  expect(nextKey([], start)).toEqual(first);
});

it('makes the next key a day before the one before has signed for 30 days, and no earlier', () => {
  const due = later(start, SIGNING_PERIOD_MS - PUBLISHED_AHEAD_MS);
  expect(nextKey([first], later(due, -1))).toBeUndefined();
  expect(nextKey([first], due)).toEqual(second);
  expect(nextKey([second, first], due)).toBeUndefined();
});

it('lets a late key sign at once instead of from a moment in the past', () => {
  const late = later(start, 3 * SIGNING_PERIOD_MS);
  expect(nextKey([first], late)).toEqual({ generation: 2, signsFrom: late });
});

it('signs by the youngest key whose time has come', () => {
  expect(signingKeyAt([second, first], start)).toBe(first);
  expect(signingKeyAt([first, second], second.signsFrom)).toBe(second);
  expect(signingKeyAt([], start)).toBeUndefined();
});

it('publishes an old key until every token it signed has expired', () => {
  const lastTokenExpires = later(second.signsFrom, 10 * 60_000);
  expect(publishedKeys([first, second], start)).toEqual([first, second]);
  expect(publishedKeys([first, second], lastTokenExpires)).toEqual([first, second]);
  expect(publishedKeys([first, second], later(lastTokenExpires, 5 * 60_000))).toEqual([second]);
  expect(publishedKeys([first], later(start, 10 * SIGNING_PERIOD_MS))).toEqual([first]);
});
