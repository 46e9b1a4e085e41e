import type { agentsMessages } from '@apollo/contracts';
import type { ModelToolCall } from '../model/tool.calls.js';

type Layer = agentsMessages.RunTrace['refused_by'];

/** A model is asked; `stars` is the estimate that is to be held for it. */
export interface Asked {
  readonly kind: 'asked';
  readonly step: number;
  readonly model: string;
  /** Models that are asked instead where this one cannot answer now, in their order. */
  readonly others?: readonly string[];
  readonly tokens: number;
}
export interface Reserved {
  readonly kind: 'reserved';
  readonly step: number;
  readonly hold: string;
  readonly stars: number;
  /** Stars for a unit of tokens, by which it is settled; absent in what the release before left. */
  readonly price?: number;
  readonly priceVersion: number;
}
/** No Stars were held: nobody was asked. */
export interface Refused {
  readonly kind: 'refused';
  readonly step: number;
  readonly layer: Layer;
  readonly reason: string;
  readonly cap: number | null;
  readonly used: number | null;
}
export interface Answered {
  readonly kind: 'answered';
  readonly step: number;
  readonly text: string;
  readonly calls: readonly ModelToolCall[];
  readonly finish: 'stop' | 'tool_calls' | 'length' | 'failed';
  /** What kind of failure, where it is one. */
  readonly failure: string | null;
  /** Where the same may be answered later: milliseconds from the run's beginning, before which nobody is asked. */
  readonly retryAt?: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly milliseconds: number;
}
export interface Settled {
  readonly kind: 'settled';
  readonly step: number;
  readonly stars: number;
}
/** A tool is about to be used: `request` is what its service is asked, also when that is asked again. */
export interface Called {
  readonly kind: 'called';
  readonly step: number;
  readonly call: number;
  readonly tool: string;
  readonly request: Readonly<Record<string, unknown>>;
}
export interface Returned {
  readonly kind: 'returned';
  readonly step: number;
  readonly call: number;
  readonly tool: string;
  readonly succeeded: boolean;
  /** JSON, or where it failed, why. */
  readonly result: string;
  readonly milliseconds: number;
}

/** What a run leaves behind of a step, in the order in which it happens. */
export type RunEvent = Asked | Reserved | Refused | Answered | Settled | Called | Returned;

/** One call of a model, and what followed from it so far. */
export interface RunStep {
  readonly asked: Asked;
  readonly reserved?: Reserved;
  readonly refused?: Refused;
  readonly answered?: Answered;
  readonly settled?: Settled;
  /** By the call's index. */
  readonly called: Readonly<Record<number, Called>>;
  readonly returned: Readonly<Record<number, Returned>>;
}

/** How far a run has come: everything that it is decided by. */
export interface RunState {
  readonly steps: readonly RunStep[];
}

export const NOTHING_DONE: RunState = { steps: [] };

/** Thrown for a log that no run leaves behind, whoever wrote it. */
export class BrokenLogError extends Error {
  constructor() {
    super('the log of the run is none that a run leaves behind');
    this.name = 'BrokenLogError';
  }
}

/**
 * The state after one more entry. The same log always makes the same state.
 *
 * @throws BrokenLogError for an entry that cannot come next
 */
export function evolve({ steps }: RunState, event: RunEvent): RunState {
  const last = steps.at(-1);
  if (event.kind === 'asked') {
    if (event.step !== steps.length + 1) throw new BrokenLogError();
    return { steps: [...steps, { asked: event, called: {}, returned: {} }] };
  }
  if (!last || event.step !== steps.length || !mayFollow(last, event)) throw new BrokenLogError();
  return { steps: [...steps.slice(0, -1), withEvent(last, event)] };
}

function mayFollow(step: RunStep, event: Exclude<RunEvent, Asked>): boolean {
  switch (event.kind) {
    case 'reserved':
    case 'refused':
      return !step.reserved && !step.refused;
    case 'answered':
      return step.reserved !== undefined && !step.answered;
    case 'settled':
      return step.answered !== undefined && !step.settled;
    case 'called':
      return step.settled !== undefined && !step.called[event.call] && !step.returned[event.call];
    case 'returned':
      return step.settled !== undefined && !step.returned[event.call];
  }
}

function withEvent(step: RunStep, event: Exclude<RunEvent, Asked>): RunStep {
  switch (event.kind) {
    case 'called':
      return { ...step, called: { ...step.called, [event.call]: event } };
    case 'returned':
      return { ...step, returned: { ...step.returned, [event.call]: event } };
    default:
      return { ...step, [event.kind]: event };
  }
}
