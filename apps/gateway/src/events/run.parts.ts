import { type agentsMessages, DomainError } from '@apollo/contracts';
import { isUuid } from '@apollo/tenancy';

type Entry = agentsMessages.RunEntry;
type Run = agentsMessages.Run;

/** A part of the UI message stream protocol of the AI SDK, version 1. */
export type MessagePart = { readonly type: string } & Readonly<Record<string, unknown>>;

/** How far a client has seen a run: what is in its log up to an entry, and whether a part of an answer that is not. */
export interface RunPlace {
  readonly run: string;
  readonly seq: number;
  readonly isAmidText: boolean;
}

/** @param text the `Last-Event-ID` header @throws DomainError `invalid_cursor` for anything that was never an event id */
export function readPlace(text: string): RunPlace {
  const [, run = '', seq, amid] = /^([^.]*)\.(\d{1,9})(t?)$/.exec(text) ?? [];
  if (!isUuid(run)) throw new DomainError('invalid_cursor');
  return { run, seq: Number(seq), isAmidText: amid === 't' };
}

/**
 * A run as parts of one message, made of its log and of what comes of an answer meanwhile. What is in the log is what
 * holds: pieces that were lost come with their entry, and those that it does not begin with are taken back.
 */
export class RunParts {
  private readonly from: RunPlace | undefined;
  private last = 0;
  private step: number | undefined;
  private isStepOpen = false;
  /** What was shown of the text of the step, and whether more may come. */
  private shown = '';
  private text: 'none' | 'open' | 'closed' = 'none';
  private readonly called = new Set<string>();

  /** @param from how far a client has seen it already; of no use where that is another run */
  constructor(
    readonly run: string,
    from?: RunPlace,
  ) {
    this.from = from?.run === run ? from : undefined;
  }

  /** Number of the last entry that is shown. */
  get seen(): number {
    return this.last;
  }

  /** How far it is shown, as `readPlace` reads it. */
  get place(): string {
    return `${this.run}.${Math.max(this.last, this.from?.seq ?? 0)}${this.text === 'open' ? 't' : ''}`;
  }

  begin(): MessagePart[] {
    if (!this.from) return [{ type: 'start', messageId: this.run }];
    return this.from.isAmidText ? [{ type: 'reset-step' }] : [];
  }

  /** Entries of the log in their order; those that are shown already, or were seen before, are left out. */
  entries(entries: readonly Entry[]): MessagePart[] {
    return entries.flatMap((entry) => {
      if (entry.seq <= this.last) return [];
      this.last = entry.seq;
      const parts = this.entry(entry);
      return this.from && entry.seq <= this.from.seq ? [] : parts;
    });
  }

  /**
   * A piece of the answer to a call of a model. Where it is not as was shown, another process has taken the run over and
   * answers anew: what was shown behind the offset is taken back.
   *
   * @param offset UTF-16 units of the answer before it
   */
  piece(step: number, offset: number, text: string): MessagePart[] {
    const known = this.shown.length - offset;
    if (step !== this.step || this.text === 'closed' || known < 0) return [];
    if (text.startsWith(this.shown.slice(offset, offset + text.length)))
      return known < text.length ? this.more(text.slice(known)) : [];
    const before = this.shown.slice(0, offset);
    return [...this.takeBack(), ...this.more(before + text)];
  }

  /** How the run has ended. */
  end({ state, answer, failure, failure_detail: detail }: Run): MessagePart[] {
    const closed = this.close();
    if (state === 'cancelled') return [...closed, { type: 'abort', reason: 'cancelled' }];
    if (state === 'done') return [...closed, { type: 'finish', finishReason: 'stop' }];
    if (answer === null) return [...closed, { type: 'error', errorText: detail ?? failure ?? 'The run has failed.' }];
    const said = [...this.open(), ...this.more(answer), ...this.close()];
    return [...closed, ...said, { type: 'finish', finishReason: 'error' }];
  }

  private entry(entry: Entry): MessagePart[] {
    const { kind, step } = entry;
    switch (kind) {
      case 'asked':
        this.step = step;
        return [...this.close(), ...this.open()];
      case 'answered':
        return this.whole(entry.text ?? '');
      case 'settled':
        return [{ type: 'data-stars', id: `stars-${step}`, data: { step, stars: entry.stars } }];
      case 'refused':
        return [{ type: 'data-refused', id: `refused-${step}`, data: { step, layer: entry.refused_by } }];
      case 'called':
        return this.call(entry, parsed(entry.arguments));
      case 'returned':
        return this.returned(entry);
      case 'reserved':
        return [];
    }
  }

  private whole(text: string): MessagePart[] {
    const isTakenBack = !text.startsWith(this.shown);
    const before = isTakenBack ? this.takeBack() : [];
    const rest = text.slice(this.shown.length);
    return [...before, ...(rest === '' ? [] : this.more(rest)), ...this.closeText()];
  }

  private takeBack(): MessagePart[] {
    this.shown = '';
    this.text = 'none';
    return [{ type: 'reset-step' }];
  }

  private more(text: string): MessagePart[] {
    const id = String(this.step ?? 0);
    const begun = this.text === 'none' ? [{ type: 'text-start', id }] : [];
    this.text = 'open';
    this.shown += text;
    return [...begun, { type: 'text-delta', id, delta: text }];
  }

  private call({ step, call, tool }: Entry, input: unknown): MessagePart[] {
    const toolCallId = `${step}.${call}`;
    if (this.called.has(toolCallId)) return [];
    this.called.add(toolCallId);
    return [{ type: 'tool-input-available', toolCallId, toolName: tool ?? '', input, dynamic: true }];
  }

  private returned(entry: Entry): MessagePart[] {
    const { step, call, succeeded, result } = entry;
    const toolCallId = `${step}.${call}`;
    const answered = succeeded
      ? { type: 'tool-output-available', toolCallId, output: parsed(result), dynamic: true }
      : { type: 'tool-output-error', toolCallId, errorText: result ?? '', dynamic: true };
    return [...this.call(entry, {}), answered];
  }

  private open(): MessagePart[] {
    this.isStepOpen = true;
    this.shown = '';
    this.text = 'none';
    return [{ type: 'start-step' }];
  }

  private closeText(): MessagePart[] {
    const isOpen = this.text === 'open';
    this.text = 'closed';
    return isOpen ? [{ type: 'text-end', id: String(this.step ?? 0) }] : [];
  }

  private close(): MessagePart[] {
    if (!this.isStepOpen) return [];
    this.isStepOpen = false;
    return [...this.closeText(), { type: 'finish-step' }];
  }
}

/** JSON as it says, or the text where it is none, as where it was cut off. */
function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return text;
  }
}
