import type { LanguageModelV4, LanguageModelV4FunctionTool, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { Claim } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { askModel } from '../../model/model.caller.js';
import type { ModelAnswer } from '../../model/model.answer.js';
import { countPrompt } from '../../model/token.count.js';
import { isTemporary, type ModelFailure } from '../../model/model.failure.js';
import { BACK_OFF_SECONDS, RUN_BOUNDS } from '../run.limits.js';
import type { Answered } from '../run.log.js';
import { RunProgress } from '../run.progress.js';
import { ClaimWatch } from './claim.watch.js';

/** What a model is asked. */
export interface ModelQuestion {
  readonly model: LanguageModelV4;
  readonly prompt: LanguageModelV4Prompt;
  readonly tools: readonly LanguageModelV4FunctionTool[];
}

/** Tokens of the question. */
export function tokensOf({ prompt, tools }: ModelQuestion): number {
  return countPrompt(prompt, tools);
}

/** Asks models, and keeps what they answer. */
@Injectable()
export class AnswerRecorder {
  constructor(
    private readonly watch: ClaimWatch,
    private readonly progress: RunProgress,
  ) {}

  /**
   * Asks once, and gives back what the log keeps of the answer; whoever watches the run sees it come. Nothing is thrown
   * for what a model does.
   *
   * @param claim ends the answer where it is gone
   * @param age milliseconds since the run began
   */
  answer(
    claim: Claim,
    question: ModelQuestion,
    step: number,
    { signal, age }: { readonly signal: AbortSignal; readonly age: number },
  ): Promise<Answered> {
    return this.watch.during(claim, signal, async (until) => {
      const { model, prompt, tools } = question;
      const pieces = this.progress.pieces(claim.id, step);
      try {
        const asking = askModel(model, prompt, tools, { signal: until, bounds: RUN_BOUNDS });
        let next = await asking.next();
        for (; !next.done; next = await asking.next()) pieces.add(next.value);
        return answered(step, next.value, age);
      } finally {
        pieces.end();
      }
    });
  }
}

/** Seconds that are to pass before the same is asked again; undefined where it is of no use. */
function pauseAfter(failure: ModelFailure | null): number | undefined {
  if (!failure || !isTemporary(failure)) return undefined;
  return Math.max(BACK_OFF_SECONDS, 'retryAfterSeconds' in failure ? (failure.retryAfterSeconds ?? 0) : 0);
}

function answered(step: number, answer: ModelAnswer, age: number): Answered {
  const pause = pauseAfter(answer.failure);
  const { text, calls, finish, failure, usage, totalMs } = answer;
  return {
    kind: 'answered',
    step,
    text,
    calls,
    finish,
    failure: failure?.kind ?? null,
    ...(pause !== undefined && { retryAt: Math.round(age + totalMs + pause * 1_000) }),
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    milliseconds: Math.round(totalMs),
  };
}
