import fc from 'fast-check';
import type { ModelToolCall } from '../model/tool.calls.js';
import { decide, INTERRUPTED, type NextStep } from './run.planner.js';
import { MOST_CALLS, MOST_STEPS, MOST_TRIES } from './run.limits.js';
import { type Answered, BrokenLogError, evolve, NOTHING_DONE, type RunEvent, type RunState } from './run.log.js';

/** What a scripted model answers, by the call of the model. */
interface ScriptedAnswer {
  readonly calls: number;
  readonly failure: string | null;
}

const answerOf = ({ calls, failure }: ScriptedAnswer, step: number): Answered => ({
  kind: 'answered',
  step,
  text: `said ${step}`,
  calls: Array.from({ length: calls }, (): ModelToolCall => ({ index: 0, name: 'add_note', valid: true, input: {} })),
  finish: failure ? 'failed' : calls > 0 ? 'tool_calls' : 'stop',
  failure,
  inputTokens: 1,
  outputTokens: 1,
  milliseconds: 1,
});

/**
 * The world outside of a run: what is done there is done for good, whether the run comes to write it down or not.
 * Each effect has a key, by which it is done once however often it is asked for.
 */
class Outside {
  readonly held = new Map<string, number>();
  readonly settled = new Map<string, number>();
  readonly effects = new Map<string, number>();
  asked = 0;

  constructor(
    private readonly script: readonly ScriptedAnswer[],
    private readonly refusesFrom: number,
  ) {}

  do(next: Exclude<NextStep, { do: 'finish' | 'fail' | 'wait' }>): RunEvent {
    switch (next.do) {
      case 'ask':
        return { kind: 'asked', step: next.step, model: 'm', tokens: 1 };
      case 'reserve': {
        const { step } = next.asked;
        if (step >= this.refusesFrom)
          return { kind: 'refused', step, layer: 'agent_day', reason: 'cap', cap: 1, used: 1 };
        this.held.set(String(step), 1);
        return { kind: 'reserved', step, hold: String(step), stars: 1, priceVersion: 1 };
      }
      case 'answer':
        this.asked += 1;
        return answerOf(this.script[next.asked.step - 1] ?? { calls: 1, failure: null }, next.asked.step);
      case 'settle':
        this.settled.set(next.reserved.hold, 1);
        return { kind: 'settled', step: next.answered.step, stars: 1 };
      case 'plan': {
        const { step, call, isBeyond } = next;
        const place = { step, call: call.index, tool: call.name };
        return isBeyond
          ? { kind: 'returned', ...place, succeeded: false, result: 'beyond', milliseconds: 1 }
          : { kind: 'called', ...place, request: {} };
      }
      case 'call': {
        const { step, call, tool } = next.called;
        this.effects.set(`${step}.${call}`, (this.effects.get(`${step}.${call}`) ?? 0) + 1);
        return { kind: 'returned', step, call, tool, succeeded: true, result: '{}', milliseconds: 1 };
      }
    }
  }
}

/** Runs to the end; at each step in `deaths` the process ends behind what it did and before that is written. */
function play(outside: Outside, deaths: ReadonlySet<number>): { log: RunEvent[]; end: NextStep } {
  const log: RunEvent[] = [];
  for (let turn = 0; turn < 2_000; turn += 1) {
    const state = log.reduce(evolve, NOTHING_DONE);
    const next = decide(state);
    if (next.do === 'finish' || next.do === 'fail' || next.do === 'wait') return { log, end: next };
    const event = outside.do(next);
    if (!deaths.has(turn)) log.push(event);
  }
  throw new Error('a run that does not end');
}

const scripts = fc.array(
  fc.record({
    calls: fc.integer({ min: 0, max: MOST_CALLS + 3 }),
    failure: fc.option(fc.constantFrom(INTERRUPTED, 'unavailable'), { nil: null, freq: 4 }),
  }),
  { maxLength: 8 },
);
const deaths = fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { maxLength: 60 }).map((turns) => new Set(turns));

describe('a run', () => {
  it('ends as it would have, wherever its process ends between doing something and writing it down', () => {
    fc.assert(
      fc.property(scripts, deaths, fc.integer({ min: 1, max: 30 }), (script, died, refusesFrom) => {
        const whole = play(new Outside(script, refusesFrom), new Set());
        const outside = new Outside(script, refusesFrom);
        const interrupted = play(outside, died);
        expect(interrupted).toEqual(whole);
        const made = new Set(whole.log.filter(({ kind }) => kind === 'called').map(placeOf));
        expect(new Set(outside.effects.keys())).toEqual(made);
      }),
    );
  });

  it('settles each hold that was answered for, asks nobody without one, and keeps its bounds', () => {
    fc.assert(
      fc.property(scripts, deaths, fc.integer({ min: 1, max: 30 }), (script, died, refusesFrom) => {
        const outside = new Outside(script, refusesFrom);
        const { log, end } = play(outside, died);
        expect([...outside.settled.keys()]).toEqual([...outside.held.keys()]);
        const asked = log.filter(({ kind }) => kind === 'asked').length;
        expect(asked).toBeLessThanOrEqual(MOST_STEPS);
        expect(log.filter(({ kind }) => kind === 'answered').length).toBeLessThan(refusesFrom);
        for (const step of new Set(log.map((event) => event.step)))
          expect(log.filter((event) => event.kind === 'called' && event.step === step).length).toBeLessThanOrEqual(
            MOST_CALLS,
          );
        if (log.some(({ kind }) => kind === 'refused'))
          expect(end).toMatchObject({
            do: 'fail',
            failure: { code: 'stars_refused', refused: { layer: 'agent_day' } },
          });
      }),
    );
  });

  it('takes no log for its own in which something stands twice, or before what it follows from', () => {
    const { log } = play(new Outside([{ calls: 2, failure: null }], 30), new Set());
    const isTaken = (events: readonly RunEvent[]): boolean => {
      try {
        events.reduce<RunState>(evolve, NOTHING_DONE);
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(BrokenLogError);
        return false;
      }
    };
    expect(isTaken(log)).toBe(true);
    for (const [at, event] of log.entries()) {
      expect(isTaken([...log.slice(0, at + 1), event])).toBe(false);
      if (at > 0) expect(isTaken([event, ...log.slice(0, at)])).toBe(at === 0);
    }
  });
});

describe('a model that cannot answer', () => {
  /** Of steps that failed, each with when it may be asked again; what cannot be answered later has no such moment. */
  const after = (others: string[], retryAt: readonly (number | undefined)[], age: number): NextStep => {
    const log = retryAt.flatMap((at, nth): RunEvent[] => {
      const step = nth + 1;
      const models = ['first', ...others];
      const failed = {
        ...answerOf({ calls: 0, failure: 'rate_limited' }, step),
        ...(at !== undefined && { retryAt: at }),
      };
      return [
        { kind: 'asked', step, model: models[nth % models.length] ?? '', others, tokens: 1 },
        { kind: 'reserved', step, hold: String(step), stars: 1, priceVersion: 1 },
        failed,
        { kind: 'settled', step, stars: 1 },
      ];
    });
    return decide(log.reduce(evolve, NOTHING_DONE), age);
  };

  it('is asked again once it may be, as a step of its own', () => {
    expect(after([], [3_000], 1_000)).toEqual({ do: 'wait', milliseconds: 2_000 });
    expect(after([], [3_000], 3_000)).toEqual({ do: 'ask', step: 2, model: 'first', others: [] });
    expect(after([], [3_000, 9_000], 4_000)).toEqual({ do: 'wait', milliseconds: 5_000 });
  });

  it('has another one asked at once, and is asked itself again when those could not answer either', () => {
    const others = ['second', 'third'];
    expect(after(others, [3_000], 1)).toEqual({ do: 'ask', step: 2, model: 'second', others });
    expect(after(others, [3_000, 9_000], 2)).toEqual({ do: 'ask', step: 3, model: 'third', others });
    expect(after(others, [3_000, 9_000, 8_000], 2_999)).toEqual({ do: 'wait', milliseconds: 1 });
    expect(after(others, [3_000, 9_000, 8_000], 3_000)).toEqual({ do: 'ask', step: 4, model: 'first', others });
  });

  it('ends the run where it was tried often enough, or will answer no more than now', () => {
    const failed = { do: 'fail', failure: { code: 'model_failed', kind: 'rate_limited' } };
    expect(after([], Array<number>(MOST_TRIES - 1).fill(1), 2)).toMatchObject({ do: 'ask' });
    expect(after([], Array<number>(MOST_TRIES).fill(1), 2)).toEqual(failed);
    expect(after(['second'], [undefined], 2)).toEqual(failed);
    expect(after(['second'], [1, undefined], 2)).toEqual(failed);
  });
});

function placeOf(event: RunEvent): string {
  return 'call' in event ? `${event.step}.${event.call}` : '';
}
