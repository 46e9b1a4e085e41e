import { assertSameTime, ClockError } from './clock.check.js';

describe('the clock of a process and the clock of its database', () => {
  it.each([
    ['in the middle of the question', 1_000, 1_010, 1_020],
    ['two seconds behind', 1_000, 3_020, 1_020],
    ['two seconds ahead', 3_000, 1_000, 3_020],
    ['anything while an answer takes long', 1_000, 31_000, 61_000],
  ])('agree where the other one says %s', (_what, before, there, after) => {
    expect(() => assertSameTime(before, there, after)).not.toThrow();
  });

  it('differ from more than two seconds on, whoever is ahead', () => {
    expect(() => assertSameTime(1_000, 3_021, 1_020)).toThrow(new ClockError(-2_001));
    expect(() => assertSameTime(3_001, 1_000, 3_020)).toThrow(new ClockError(2_001));
    expect(new ClockError(-45_000).message).toBe(
      'The clock of this process is 45.0 s behind the clock of its database',
    );
    expect(new ClockError(3_600_000).message).toContain('3600.0 s ahead of');
  });
});
