import { DomainError } from '@apollo/contracts';
import { type Claim, ClaimLostError, isStoppedJob, LeftOffError, type WorkTurn } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { offered } from '../../tools/tool.table.js';
import { decide, type NextStep, type RunFailure } from '../run.planner.js';
import { LONGEST_RUN_MS, MOST_STEPS } from '../run.limits.js';
import {
  type Answered,
  type Asked,
  type Called,
  evolve,
  type Reserved,
  type RunEvent,
  type RunState,
} from '../run.log.js';
import { AnswerRecorder, type ModelQuestion, tokensOf } from './answer.recorder.js';
import { QuestionWriter } from './question.writer.js';
import { StarAccount } from './star.account.js';
import { ToolCaller, type ToolUse } from './tool.caller.js';
import type { ToldRun } from './run.messages.js';
import { type RunEnd, type WorkedRun, WorkRepository } from './work.repository.js';

/** Seconds for which a run rests where a service is away. */
const REST_SECONDS = 1;

type Work = Exclude<NextStep, { readonly do: 'finish' | 'fail' | 'wait' }>;

/** A run under way here. */
interface UnderWay {
  readonly claim: Claim;
  readonly run: WorkedRun;
  readonly earlier: readonly ToldRun[];
  readonly turn: WorkTurn;
  readonly deadline: number;
}

/**
 * Brings one claimed run to its end, in the name of the person who asked: what comes next follows from its log, and
 * each entry is written before the next thing is done. No transaction is open while a model or a service is asked.
 */
@Injectable()
export class RunWorker {
  constructor(
    private readonly runs: WorkRepository,
    private readonly questions: QuestionWriter,
    private readonly stars: StarAccount,
    private readonly tools: ToolCaller,
    private readonly answers: AnswerRecorder,
  ) {}

  /** @throws ClaimLostError; LeftOffError when the process stops, the turn is over or a service is away */
  async work(claim: Claim, turn: WorkTurn): Promise<void> {
    const begun = await this.runs.begin(claim);
    if (!begun) return;
    const { run, earlier } = begun;
    if (!begun.state) return this.runs.end(claim, BROKEN_LOG);
    const under = { claim, run, earlier, turn, deadline: performance.now() + LONGEST_RUN_MS - run.age };
    for (let state = begun.state; ;) {
      if (turn.isStopped) throw new LeftOffError();
      if (performance.now() > under.deadline) return this.runs.end(claim, OUT_OF_TIME);
      const next = decide(state, ageOf(under));
      if (next.do === 'finish') return this.runs.end(claim, { ...NOTHING, state: 'done', answer: next.answer });
      if (next.do === 'fail') return this.runs.end(claim, endOf(next.failure));
      if (next.do === 'wait') throw new LeftOffError(next.milliseconds / 1_000);
      const event = await this.take(next, under, state).catch((error: unknown) => {
        throw error instanceof DomainError && error.kind === 'unavailable' ? new LeftOffError(REST_SECONDS) : error;
      });
      if (event === undefined) return this.runs.end(claim, NO_MODEL);
      state = evolve(state, event);
      if (turn.isOver) throw new LeftOffError();
    }
  }

  /** Does what comes next. @returns the entry that was written of it; nothing where there is no such model */
  private async take(next: Work, under: UnderWay, state: RunState): Promise<RunEvent | undefined> {
    if (next.do === 'call') return this.callTool(next.called, under, state);
    const event = await this.eventOf(next, under, state);
    if (event) await this.keep(under, event);
    return event;
  }

  private async eventOf(
    next: Exclude<Work, { readonly do: 'call' }>,
    under: UnderWay,
    state: RunState,
  ): Promise<RunEvent | undefined> {
    const { run } = under;
    const use = useOf(run);
    switch (next.do) {
      case 'ask': {
        const { step, model = run.model, others = this.questions.othersOf(model) } = next;
        const question = await this.question(model, under, state);
        return question && { kind: 'asked', step, model, others, tokens: tokensOf(question) };
      }
      case 'reserve':
        return this.stars.reserve({ ...use, step: next.asked.step, tokens: next.asked.tokens });
      case 'answer':
        return this.answer(under, state, next.asked);
      case 'settle':
        return this.settle(next.reserved, next.answered);
      case 'plan':
        return this.tools.plan(use, next.step, next.call, next.isBeyond);
    }
  }

  private async callTool(called: Called, under: UnderWay, state: RunState): Promise<RunEvent> {
    let written: RunEvent | undefined;
    const event = await this.tools.call(useOf(under.run), called, inputOf(state, called), async (work) => {
      const done = await this.runs.append(under.claim, work);
      written = done;
      return done;
    });
    if (event !== written) await this.keep(under, event);
    return event;
  }

  private async answer(under: UnderWay, state: RunState, { model, step }: Asked): Promise<Answered | undefined> {
    const question = await this.question(model, under, state);
    const { claim, turn, deadline } = under;
    const patience = AbortSignal.timeout(Math.max(1, Math.ceil(deadline - performance.now())));
    const signal = AbortSignal.any([turn.signal, patience]);
    return question && this.answers.answer(claim, question, step, { signal, age: ageOf(under) });
  }

  private question(model: string, { run, earlier }: UnderWay, state: RunState): Promise<ModelQuestion | undefined> {
    return this.questions.write(model, run, earlier, state, offered(run.tools));
  }

  private async settle(reserved: Reserved, { step, inputTokens, outputTokens }: Answered): Promise<RunEvent> {
    return { kind: 'settled', step, stars: await this.stars.settle(reserved, inputTokens + outputTokens) };
  }

  /** A run that was taken away while a model answered still owes what came of it. */
  private async keep({ claim }: UnderWay, event: RunEvent): Promise<void> {
    try {
      await this.runs.append(claim, () => event);
    } catch (error) {
      const isStopped = isStoppedJob(error);
      if (event.kind === 'answered' && (isStopped || error instanceof ClaimLostError))
        await this.owe(claim.id, event, isStopped);
      throw error;
    }
  }

  private async owe(run: string, answered: Answered, isStopped: boolean): Promise<void> {
    const reserved = await this.runs.heldFor(run, answered.step, isStopped);
    if (!reserved) return;
    await this.runs.appendLate(run, answered);
    await this.runs.appendLate(run, await this.settle(reserved, answered));
  }
}

/** Milliseconds since the run began. */
function ageOf({ deadline }: UnderWay): number {
  return LONGEST_RUN_MS - (deadline - performance.now());
}

function useOf({ id: run, persona_id: persona, tools }: WorkedRun): ToolUse {
  return { run, persona, tools };
}

function inputOf({ steps }: RunState, { step, call }: Called): object {
  const made = steps[step - 1]?.answered?.calls[call];
  return made?.valid ? made.input : {};
}

const NOTHING = { answer: null, failure: null, detail: null, layer: null };
const OUT_OF_TIME: RunEnd = {
  ...NOTHING,
  state: 'failed',
  failure: 'too_long',
  detail: `A run takes ${LONGEST_RUN_MS / 60_000} minutes at most.`,
};
const BROKEN_LOG: RunEnd = {
  ...NOTHING,
  state: 'failed',
  failure: 'broken_log',
  detail: 'The log of the run is not as it was left: nobody goes on by it.',
};
const NO_MODEL: RunEnd = {
  ...NOTHING,
  state: 'failed',
  failure: 'model_unavailable',
  detail: 'The model of the persona is not available here.',
};

const LAYERS: Readonly<Record<string, string>> = {
  wallet: 'The wallet of the organization',
  org_month: 'The monthly cap of the organization',
  agent_day: 'The daily cap of the agent',
  user_agent_month: 'The monthly cap of the person with the agent',
};

function endOf(failure: RunFailure): RunEnd {
  const failed = { ...NOTHING, state: 'failed', failure: failure.code } as const;
  switch (failure.code) {
    case 'stars_refused': {
      const { layer, reason, cap, used } = failure.refused;
      const who = layer === null ? 'The price book' : (LAYERS[layer] ?? layer);
      const counted = cap === null || used === null ? '' : `: ${used} of ${cap} Stars are spent or held`;
      const detail = `${who} allows no further step (${reason})${counted}.`;
      return { ...failed, answer: detail, detail, layer };
    }
    case 'model_failed':
      return { ...failed, detail: `The model gave no answer: ${failure.kind}.` };
    case 'too_many_steps':
      return { ...failed, detail: `A run takes ${MOST_STEPS} steps at most.` };
  }
}
