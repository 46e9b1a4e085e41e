import { momentText } from './date.cells.js';

const { jest } = import.meta;

/** A name of a zone in as many spellings as asked for, all of which mean the same. */
const spellings = (zone: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) =>
    [...zone].map((letter, at) => ((n >> at) & 1 ? letter.toUpperCase() : letter.toLowerCase())).join(''),
  );

it('keeps clocks of so many zones at most, however a file’s settings spell them', () => {
  const made = jest.spyOn(Intl, 'DateTimeFormat');
  const noon = { year: 2026, month: 1, day: 2, time: '12:00:00' };
  const [first = '', ...others] = spellings('europe/berlin', 250);
  const clocksFor = (zone: string): number => {
    const before = made.mock.calls.length;
    expect(momentText(noon, zone)).toBe('2026-01-02T11:00:00.000Z');
    return made.mock.calls.length - before;
  };
  expect([clocksFor(first), clocksFor(first)]).toEqual([1, 0]);
  for (const zone of others) clocksFor(zone);
  expect(clocksFor(first)).toBe(1);
  made.mockRestore();
});
