import { type Attempt, ConnectionGate } from './connection.gate.js';
import { NotConnectedError } from './database.errors.js';

/** An attempt whose outcome the spec decides. */
class Trial implements Attempt {
  readonly made: Promise<unknown>;
  succeed!: (made?: unknown) => void;
  fail!: (error: Error) => void;
  isEnded = false;
  constructor(private readonly heard: boolean) {
    this.made = new Promise((resolve, reject) => {
      this.succeed = resolve;
      this.fail = reject;
    });
  }
  isHeard(): boolean {
    return this.heard;
  }
  abandon(): void {
    // Nothing of this process waits for it.
  }
  end(): void {
    this.isEnded = true;
    this.fail(new Error('ended'));
  }
}

const { jest } = import.meta;

describe('a gate that connections pass', () => {
  let gate: ConnectionGate;
  let trials: Trial[];
  let outcomes: string[];

  beforeEach(() => {
    jest.useFakeTimers();
    gate = new ConnectionGate();
    trials = [];
    outcomes = [];
  });
  afterEach(() => jest.useRealTimers());

  const ask = (count: number, heard = true): void => {
    for (let n = 0; n < count; n += 1)
      gate
        .pass(() => {
          const trial = new Trial(heard);
          trials.push(trial);
          return trial;
        })
        .then(
          () => outcomes.push('made'),
          (error: Error) => outcomes.push(error.message),
        );
  };
  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
  const late = new NotConnectedError().message;

  it('lets two be made at once, and all in turn', async () => {
    ask(10);
    for (let n = 0; n < 10; n += 2) {
      await pass(0);
      expect(trials).toHaveLength(n + 2);
      trials.slice(n).forEach((trial) => trial.succeed());
    }
    await pass(0);
    expect(outcomes).toEqual(Array.from({ length: 10 }, () => 'made'));
  });

  it('tells all who wait that one has failed, and makes a single attempt after a pause that doubles', async () => {
    ask(1);
    await pass(0);
    for (const pause of [100, 200, 400, 800, 1_600, 2_000, 2_000]) {
      const begun = trials.length;
      trials.at(-1)?.fail(new Error('refused'));
      await pass(0);
      ask(5);
      await pass(pause - 1);
      expect(trials).toHaveLength(begun);
      await pass(1);
      expect(trials).toHaveLength(begun + 1);
      expect(new Set(outcomes)).toEqual(new Set(['refused']));
    }
    expect(outcomes).toHaveLength(1 + 6 * 5);
    // The first that succeeds lets all others go on.
    trials.at(-1)?.succeed();
    for (let n = 0; n < 5; n += 1) {
      await pass(0);
      trials.forEach((trial) => trial.succeed());
    }
    expect(outcomes.slice(-5)).toEqual(Array.from({ length: 5 }, () => 'made'));
  });

  it('counts what was given up until the server has ended it', async () => {
    ask(2);
    await pass(6_000);
    expect(outcomes).toEqual([late, late]);
    for (let n = 0; n < 20; n += 1) {
      ask(10);
      await pass(2_500);
    }
    expect(trials).toHaveLength(2);
    expect(new Set(outcomes)).toEqual(new Set([late]));
    trials[0]?.succeed();
    await pass(0);
    expect(trials[0]?.isEnded).toBe(true);
    ask(10);
    await pass(2_500);
    expect(trials).toHaveLength(3);
    trials[2]?.succeed();
    await pass(0);
    expect(outcomes.at(-1)).toBe('made');
  });

  it('forgets what was given up after a minute: the server may be another one by then', async () => {
    ask(2);
    await pass(66_000);
    expect(trials.map(({ isEnded }) => isEnded)).toEqual([true, true]);
    ask(1);
    await pass(0);
    expect(trials).toHaveLength(3);
  });

  it('ends at once what no server has answered, so that one which is back is found', async () => {
    ask(2, false);
    await pass(3_000);
    expect(trials.map(({ isEnded }) => isEnded)).toEqual([true, true]);
    await pass(2_000);
    ask(1);
    await pass(0);
    expect(trials).toHaveLength(3);
  });

  it('goes on at once where a server is full, and tells each', async () => {
    ask(3);
    await pass(0);
    for (let n = 0; n < 3; n += 1) {
      trials[n]?.fail(Object.assign(new Error(`full ${n}`), { code: '53300' }));
      await pass(0);
    }
    expect(trials).toHaveLength(3);
    expect(outcomes).toEqual(['full 0', 'full 1', 'full 2']);
  });
});
