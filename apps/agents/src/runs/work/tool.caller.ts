import { agentsMessages, DomainError, isTool } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { DocumentService } from '../../documents/document.service.js';
import { FactService } from '../../memory/fact.service.js';
import { fitsSchema } from '../../model/schema.fits.js';
import type { ModelToolCall } from '../../model/tool.calls.js';
import { OrgNames } from '../../tools/org.names.js';
import type { Ask, OwnTool, ToolInput, ToolScope } from '../../tools/tool.js';
import { TOOL_TABLE } from '../../tools/tool.table.js';
import { MOST_CALLS, PATIENCE_MS } from '../run.limits.js';
import type { Called, Returned } from '../run.log.js';

/** For which run of which persona a tool is used. */
export interface ToolUse {
  readonly run: string;
  readonly persona: string;
  /** Names of the tools that the persona has, in the version under which the run began. */
  readonly tools: readonly string[];
}

/** Writes an entry together with what it says was done, or neither. */
export type Once = (work: () => Promise<Returned>) => Promise<Returned>;

const REASONS: Readonly<Record<string, string>> = {
  not_json: 'The arguments are no JSON.',
  not_an_object: 'The arguments are no object.',
  too_long: 'The arguments are too long.',
  too_deep: 'The arguments are nested too deeply.',
  unstorable: 'The arguments hold characters that cannot be kept.',
  not_offered: 'There is no such tool.',
  incomplete: 'The answer was cut off, and the call with it.',
};

/**
 * Uses tools for a run, in the name of the person for whom it acts and within what they granted. What a model says is
 * data: what cannot be done is told to it, and nothing else comes of it.
 */
@Injectable()
export class ToolCaller {
  constructor(
    private readonly bus: Bus,
    private readonly memory: FactService,
    private readonly documents: DocumentService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * What a service is to be asked for a call, which changes nothing yet; or what the model is told instead.
   *
   * @throws DomainError of the kind `unavailable`, where nobody can say
   */
  async plan(use: ToolUse, step: number, call: ModelToolCall, isBeyond: boolean): Promise<Called | Returned> {
    const began = performance.now();
    const tool = call.name;
    const refused = (result: string): Returned => returned({ step, call: call.index, tool }, false, result, began);
    if (isBeyond) return refused(`At most ${MOST_CALLS} tools are used at once.`);
    if (!isTool(tool) || !use.tools.includes(tool)) return refused('There is no such tool.');
    if (!call.valid) return refused(REASONS[call.reason] ?? 'The call cannot be made.');
    if (!fitsSchema(TOOL_TABLE[tool].input, call.input)) return refused('The arguments do not fit the tool.');
    try {
      const request = await TOOL_TABLE[tool].plan(call.input as ToolInput, this.scope(use));
      return { kind: 'called', step, call: call.index, tool, request: request as Called['request'] };
    } catch (error) {
      return refused(toldOf(error));
    }
  }

  /**
   * Does what was planned. A service is asked under a key that is the call's alone: however often, it takes effect
   * once. What this service does itself is done in a transaction that `once` opens, with the entry that says so.
   *
   * @param input what the model said
   * @throws DomainError of the kind `unavailable`, where nobody can say whether it took effect
   */
  async call(use: ToolUse, called: Called, input: object, once: Once): Promise<Returned> {
    const began = performance.now();
    const { tool, request } = called;
    const given = (succeeded: boolean, result: string): Returned => returned(called, succeeded, result, began);
    if (!isTool(tool) || !use.tools.includes(tool)) return given(false, 'There is no such tool.');
    const used = TOOL_TABLE[tool];
    try {
      if ('act' in used) return await once(async () => given(true, boundedJson(await this.act(used, request, use))));
      const key = { idempotencyKey: `${use.run}/${called.step}.${called.call}`, timeoutMs: PATIENCE_MS };
      const reply = await this.bus.request(used.contract, request, key);
      const shown = used.show ? await used.show(reply as never, this.scope(use), input as ToolInput) : reply;
      return given(true, boundedJson(shown));
    } catch (error) {
      return given(false, toldOf(error));
    }
  }

  private act(tool: OwnTool, request: Called['request'], use: ToolUse): Promise<object> {
    return tool.act(request as never, this.scope(use));
  }

  private scope({ persona }: ToolUse): ToolScope {
    const ask: Ask = (contract, request) => this.bus.request(contract, request, { timeoutMs: PATIENCE_MS });
    const { memory, documents } = this;
    return { ask, names: new OrgNames(ask), personaId: persona, memory, documents, now: this.clock() };
  }
}

function returned(
  { step, call, tool }: Pick<Returned, 'step' | 'call' | 'tool'>,
  succeeded: boolean,
  result: string,
  began: number,
): Returned {
  return {
    kind: 'returned',
    step,
    call,
    tool,
    succeeded,
    result: result.slice(0, agentsMessages.LONGEST_RESULT),
    milliseconds: Math.round(performance.now() - began),
  };
}

/** @throws what a model is not to be told of: that a service is away, or a fault of ours */
function toldOf(error: unknown): string {
  if (!(error instanceof DomainError) || error.kind === 'unavailable' || error.kind === 'internal') throw error;
  const refused = (error.fields ?? []).map(({ field, problem }) => `${field}: ${problem}`);
  return [error.detail, ...refused].join(' ');
}

/** JSON of at most as much as a result may be: of a list, its beginning, and that there is more. */
function boundedJson(value: unknown): string {
  const whole = JSON.stringify(value ?? null);
  if (whole.length <= agentsMessages.LONGEST_RESULT) return whole;
  const items = (value as { readonly items?: unknown } | null)?.items;
  if (Array.isArray(items) && items.length > 1)
    return boundedJson({ ...(value as object), items: items.slice(0, Math.floor(items.length / 2)), is_cut: true });
  return JSON.stringify({ is_cut: true, beginning: whole.slice(0, agentsMessages.LONGEST_RESULT / 4) });
}
