import type { LanguageModelV4FinishReason, LanguageModelV4StreamPart, LanguageModelV4Usage } from '@ai-sdk/provider';
import type { ModelBounds } from './model.bounds.js';
import { type ModelFailure, ModelFailureError } from './model.failure.js';
import { countCall, countTokens } from './token.count.js';
import { asIncomplete, type ModelToolCall, readToolCall, storable } from './tool.calls.js';

/** Tokens of one call: what the provider said, or what we counted where it said nothing that can be. */
export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly source: 'provider' | 'counted';
}

/** What one call of a model came to, as a log of steps keeps it. */
export interface ModelAnswer {
  /** Also where the answer failed: what had come of it. */
  readonly text: string;
  /** In the order in which the model made them; none can be made of an answer that failed or was cut at its length. */
  readonly calls: readonly ModelToolCall[];
  readonly finish: 'stop' | 'tool_calls' | 'length' | 'failed';
  readonly failure: ModelFailure | null;
  readonly usage: ModelUsage;
  /** From the call to the first part that said something; null where none did. */
  readonly firstChunkMs: number | null;
  readonly totalMs: number;
}

/** What is counted by ourselves of what the model was asked. */
export interface AskedTokens {
  readonly tokens: number;
  /** More than any tokenizer makes of it. */
  readonly most: number;
}

/** Collects the parts of one answer, within bounds. A model's reasoning is counted and not kept. */
export class AnswerParts {
  /** Parts that said something. */
  pieces = 0;
  finished = false;
  private text = '';
  private reasoning = '';
  private bytes = 0;
  private inputs = 0;
  /** The first half of a character that was cut in two. */
  private half = '';
  private reason: LanguageModelV4FinishReason | undefined;
  private claimed: LanguageModelV4Usage | undefined;
  private readonly calls: { readonly index: number; readonly name: string; readonly input: string }[] = [];

  constructor(
    private readonly offered: ReadonlySet<string>,
    private readonly bounds: ModelBounds,
  ) {}

  /**
   * @returns text to show at once; empty where the part has none
   * @throws {ModelFailureError} beyond a bound; whatever else the part says that went wrong is the caller's to read
   */
  take(part: LanguageModelV4StreamPart): string {
    switch (part.type) {
      case 'text-delta':
        return this.write(part.delta);
      case 'reasoning-delta':
        this.measure(part.delta);
        this.reasoning += part.delta;
        return '';
      case 'tool-input-start':
        this.inputs += 1;
        this.hear(part.toolName);
        if (this.inputs > this.bounds.toolCalls) throw beyond('tool_calls');
        return '';
      case 'tool-input-delta':
        this.measure(part.delta);
        return '';
      case 'tool-call':
        this.call(part.toolName, part.input);
        return '';
      case 'finish':
        this.finished = true;
        this.reason = part.finishReason;
        this.claimed = part.usage;
        return '';
      default:
        return '';
    }
  }

  /** Whether something was said. */
  get begun(): boolean {
    return this.pieces > 0;
  }

  /** @returns why the answer, which came to its end, is none */
  get failure(): ModelFailure | null {
    if (!this.finished) return this.begun ? { kind: 'cut_off' } : { kind: 'malformed' };
    switch (this.reason?.unified) {
      case 'content-filter':
        return { kind: 'refused' };
      case 'interrupted':
        return { kind: 'cut_off' };
      case 'error':
        return { kind: 'malformed' };
      default:
        return null;
    }
  }

  /** @returns what the answer came to, without its times */
  end(failure: ModelFailure | null, asked: AskedTokens): Omit<ModelAnswer, 'firstChunkMs' | 'totalMs'> {
    const calls = this.calls.map((call) => readToolCall(call, this.offered, this.bounds));
    const cut = this.reason?.unified === 'length';
    const finish = failure ? 'failed' : cut ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop';
    return {
      text: this.text,
      calls: failure || cut ? calls.map(asIncomplete) : calls,
      finish,
      failure,
      usage: this.usage(asked),
    };
  }

  private write(delta: string): string {
    this.measure(delta);
    const whole = this.half + delta;
    this.half = /[\uD800-\uDBFF]$/.test(whole) ? whole.slice(-1) : '';
    const text = storable(this.half ? whole.slice(0, -1) : whole);
    this.text += text;
    return text;
  }

  private call(name: string, input: string): void {
    if (typeof name !== 'string' || typeof input !== 'string') throw new ModelFailureError({ kind: 'malformed' });
    if (this.calls.length >= this.bounds.toolCalls) throw beyond('tool_calls');
    // One that came in pieces was measured then.
    if (this.inputs === 0) this.measure(input);
    if (Buffer.byteLength(input) > this.bounds.answerBytes) throw beyond('answer');
    this.hear(name);
    this.calls.push({ index: this.calls.length, name, input });
  }

  private measure(piece: string): void {
    this.hear(piece);
    this.bytes += Buffer.byteLength(piece);
    if (this.bytes > this.bounds.answerBytes) throw beyond('answer');
  }

  private hear(piece: string): void {
    if (piece !== '') this.pieces += 1;
  }

  /** A claim is taken where it can be: from nobody more than was asked for, and not nothing for something. */
  private usage(asked: AskedTokens): ModelUsage {
    const called = this.calls.reduce((sum, { name, input }) => sum + countCall(name, input), 0);
    const said = countTokens(this.text) + countTokens(this.reasoning) + called;
    const [input, output] = [this.claimed?.inputTokens?.total, this.claimed?.outputTokens?.total];
    return isCount(input, 1, asked.most) && isCount(output, Math.min(said, 1), this.bounds.outputTokens)
      ? { inputTokens: input, outputTokens: output, source: 'provider' }
      : { inputTokens: asked.tokens, outputTokens: said, source: 'counted' };
  }
}

function isCount(value: unknown, least: number, most: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
}

function beyond(bound: 'answer' | 'tool_calls'): ModelFailureError {
  return new ModelFailureError({ kind: 'too_long', bound });
}
