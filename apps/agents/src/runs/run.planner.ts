import type { ModelToolCall } from '../model/tool.calls.js';
import { MOST_CALLS, MOST_STEPS, MOST_TRIES } from './run.limits.js';
import type { Answered, Asked, Called, Refused, Reserved, RunState, RunStep } from './run.log.js';

/** The failure of a call that this service left off: whoever goes on asks anew, and that is a step of its own. */
export const INTERRUPTED = 'aborted';

/** What is to be done next about a run, where nothing but its log is known. */
export type NextStep =
  /** A model is to be asked, that of the persona where none is named. */
  | { readonly do: 'ask'; readonly step: number; readonly model?: string; readonly others?: readonly string[] }
  /** Nobody is to be asked before so many milliseconds are over. */
  | { readonly do: 'wait'; readonly milliseconds: number }
  | { readonly do: 'reserve'; readonly asked: Asked }
  /** Stars are held: the model is called. */
  | { readonly do: 'answer'; readonly asked: Asked; readonly reserved: Reserved }
  | { readonly do: 'settle'; readonly reserved: Reserved; readonly answered: Answered }
  /** A call of a tool is to be looked at: what its service is to be asked. */
  | { readonly do: 'plan'; readonly step: number; readonly call: ModelToolCall; readonly isBeyond: boolean }
  /** The service is to be asked, for the first time or again. */
  | { readonly do: 'call'; readonly called: Called }
  | { readonly do: 'finish'; readonly answer: string }
  | { readonly do: 'fail'; readonly failure: RunFailure };

/** Why a run comes to no answer. */
export type RunFailure =
  | { readonly code: 'stars_refused'; readonly refused: Refused }
  | { readonly code: 'model_failed'; readonly kind: string }
  | { readonly code: 'too_many_steps' };

/**
 * What comes next. It follows from the state alone, so that whoever takes a run over goes on as before.
 *
 * @param age milliseconds since the run began
 */
export function decide({ steps }: RunState, age = 0): NextStep {
  const last = steps.at(-1);
  if (!last) return { do: 'ask', step: 1 };
  const { asked, reserved, refused, answered, settled } = last;
  if (refused) return { do: 'fail', failure: { code: 'stars_refused', refused } };
  if (!reserved) return { do: 'reserve', asked };
  if (!answered) return { do: 'answer', asked, reserved };
  if (!settled) return { do: 'settle', reserved, answered };
  const isInterrupted = answered.finish === 'failed' && answered.failure === INTERRUPTED;
  if (answered.finish === 'failed' && !isInterrupted) return again(steps, answered, age);
  const open = isInterrupted ? undefined : openCall(last, answered.calls);
  if (open) return open;
  if (!isInterrupted && answered.calls.length === 0) return { do: 'finish', answer: answered.text };
  if (steps.length >= MOST_STEPS) return { do: 'fail', failure: { code: 'too_many_steps' } };
  return { do: 'ask', step: steps.length + 1 };
}

/** Whom to ask where a model gave no answer: the next in order, each no sooner than it may answer again, or nobody. */
function again(steps: readonly RunStep[], { failure }: Answered, age: number): NextStep {
  const tried = steps.slice(steps.findLastIndex((step) => step.answered?.retryAt === undefined) + 1);
  const [first] = tried;
  if (!first || tried.length >= MOST_TRIES || steps.length >= MOST_STEPS)
    return { do: 'fail', failure: { code: 'model_failed', kind: failure ?? 'unknown' } };
  const { model: persona, others = [] } = first.asked;
  const models = [persona, ...others];
  const model = models[tried.length % models.length] ?? persona;
  const due = tried.findLast(({ asked }) => asked.model === model)?.answered?.retryAt ?? 0;
  if (age < due) return { do: 'wait', milliseconds: due - age };
  return { do: 'ask', step: steps.length + 1, model, others };
}

/** The first call that has given nothing back: one after the other, in the order in which the model made them. */
function openCall({ asked: { step }, called, returned }: RunStep, calls: readonly ModelToolCall[]) {
  for (const [index, call] of calls.entries()) {
    if (returned[index]) continue;
    const begun = called[index];
    if (begun) return { do: 'call' as const, called: begun };
    // Whatever the model says of it: its place in the answer is what it is known by.
    return { do: 'plan' as const, step, call: { ...call, index }, isBeyond: index >= MOST_CALLS };
  }
  return undefined;
}
