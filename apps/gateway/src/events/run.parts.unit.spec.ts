import type { agentsMessages } from '@apollo/contracts';
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from 'ai';
import { newId } from '@apollo/tenancy';
import fc from 'fast-check';
import { type MessagePart, readPlace, RunParts } from './run.parts.js';

type Entry = agentsMessages.RunEntry;

/** One call of a model as it goes: its text, how it came in pieces, and what was called. */
interface Step {
  readonly text: string;
  /** Where the text was cut, and whether each piece arrived. */
  readonly pieces: readonly (readonly [length: number, isLost: boolean])[];
  readonly isTakenBack: boolean;
  readonly tools: readonly { readonly isCalled: boolean; readonly succeeded: boolean }[];
}

const steps = fc.array(
  fc.record({
    text: fc.string({ unit: 'binary', maxLength: 30 }),
    pieces: fc.array(fc.tuple(fc.nat(6), fc.boolean()), { maxLength: 12 }),
    isTakenBack: fc.boolean(),
    tools: fc.array(fc.record({ isCalled: fc.boolean(), succeeded: fc.boolean() }), { maxLength: 3 }),
  }),
  { maxLength: 4 },
);
const RUN = { id: newId(), answer: null, failure: null, failure_detail: null } as unknown as agentsMessages.RunTrace;
const ended = (more: Partial<agentsMessages.Run>): agentsMessages.Run => ({ ...RUN, state: 'done', ...more });

/** The log that the steps leave behind. */
function logOf(made: readonly Step[]): Entry[] {
  const entries: Partial<Entry>[] = [];
  made.forEach(({ text, tools }, at) => {
    const step = at + 1;
    entries.push({ kind: 'asked', step }, { kind: 'reserved', step });
    entries.push({ kind: 'answered', step, text: text || null, succeeded: true }, { kind: 'settled', step, stars: 1 });
    tools.forEach(({ isCalled, succeeded }, call) => {
      if (isCalled) entries.push({ kind: 'called', step, call, tool: 'search_leads', arguments: '{"text":"Ada"}' });
      entries.push({ kind: 'returned', step, call, tool: 'search_leads', succeeded, result: '{"items":[]}' });
    });
  });
  return entries.map((entry, at) => ({ refused_by: null, call: null, ...entry, seq: at + 1 }) as Entry);
}

/** What is shown at once, and how far a client is then. */
interface Glimpse {
  readonly parts: MessagePart[];
  readonly place: string;
}

/** What is shown where the steps are watched while they happen. */
function watched(made: readonly Step[]): Glimpse[] {
  const parts = new RunParts(RUN.id);
  const all = logOf(made);
  const shown: Glimpse[] = [{ parts: parts.begin(), place: parts.place }];
  for (const entry of all) {
    const step = made[entry.step - 1] as Step;
    if (entry.kind === 'answered') shown.push(...piecesOf(parts, step, entry.step));
    // What is brought again makes no difference.
    shown.push({ parts: parts.entries(all.slice(0, entry.seq)), place: parts.place });
  }
  return [...shown, { parts: parts.end(ended({})), place: parts.place }];
}

function piecesOf(parts: RunParts, { text, pieces, isTakenBack }: Step, step: number): Glimpse[] {
  let offset = 0;
  return pieces.flatMap(([length, isLost]) => {
    const piece = isTakenBack ? '-'.repeat(length) : text.slice(offset, offset + length);
    const shown = isLost ? [] : parts.piece(step, offset, piece);
    offset += piece.length;
    return { parts: shown, place: parts.place };
  });
}

const partsOf = (shown: readonly Glimpse[]): MessagePart[] => shown.flatMap(({ parts }) => parts);

/** What is shown of a run that is over to whoever comes back. */
function readFrom(place: string | undefined, made: readonly Step[]): MessagePart[] {
  const parts = new RunParts(RUN.id, place === undefined ? undefined : readPlace(place));
  return [...parts.begin(), ...parts.entries(logOf(made)), ...parts.end(ended({}))];
}

/** What a stock client makes of it. */
async function messageOf(parts: readonly MessagePart[]): Promise<UIMessage | undefined> {
  const body = parts.map((part) => `data: ${JSON.stringify(part)}\n\n`).join('');
  const transport = new DefaultChatTransport({
    api: 'http://localhost/conversations',
    fetch: () => Promise.resolve(new Response(`${body}data: [DONE]\n\n`)),
  });
  const stream = await transport.reconnectToStream({ chatId: 'x' });
  let last: UIMessage | undefined;
  const onError = (error: unknown): never => {
    throw error;
  };
  if (stream)
    for await (const message of readUIMessageStream({ stream, onError, terminateOnError: true })) last = message;
  return last && structuredClone(last);
}

const textsOf = (message: UIMessage | undefined): string[] =>
  (message?.parts ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : []));

describe('a run as parts of a message', () => {
  it('is the same message to a stock client, watched from its beginning or read when it is over', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (made) => {
        const read = readFrom(undefined, made);
        const [live, whole] = [await messageOf(partsOf(watched(made))), await messageOf(read)];
        expect(live).toEqual(whole);
        expect(textsOf(whole)).toEqual(made.map(({ text }) => text).filter((text) => text !== ''));
      }),
      { numRuns: 300 },
    );
  });

  it('is the same message to a client that comes back and says how far it was, wherever it was cut off', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (made, cut) => {
        const live = watched(made).slice(0, -1);
        const before = live.slice(0, 1 + (cut % live.length));
        const rest = readFrom(before.at(-1)?.place, made);
        const whole = await messageOf(readFrom(undefined, made));
        expect(await messageOf([...partsOf(before), ...rest])).toEqual(whole);
        const [last] = logOf(made).slice(-1);
        const all = readFrom(`${RUN.id}.${last?.seq ?? 0}`, made);
        expect(all.filter(({ type }) => !['finish-step', 'finish'].includes(type))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is whole to whoever saw another one, and refuses what was never a place', () => {
    const other = readPlace(`${newId()}.3t`);
    expect(new RunParts(RUN.id, other).begin()).toEqual(new RunParts(RUN.id).begin());
    for (const text of ['', '7', `${RUN.id}`, `${RUN.id}.`, `${RUN.id}.-1`, `${RUN.id}.1e3`, `${RUN.id}.1tt`, 'x.1'])
      expect(() => readPlace(text)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
  });

  it('shows pieces as they come, each once, and none of another step or behind a gap', () => {
    const parts = new RunParts(RUN.id);
    parts.entries(logOf([{ text: '', pieces: [], isTakenBack: false, tools: [] }]).slice(0, 2));
    const shown = [
      parts.piece(1, 0, 'Hel'),
      parts.piece(1, 0, 'Hello'),
      parts.piece(1, 9, 'x'),
      parts.piece(2, 0, 'y'),
    ];
    expect(shown.map((each) => each.map(({ delta, type }) => delta ?? type))).toEqual([
      ['text-start', 'Hel'],
      ['lo'],
      [],
      [],
    ]);
  });

  it('shows one answer at a time, where another process answers anew in the middle of one', async () => {
    const words = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 });
    const lengths = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.tuple(words, words), fc.tuple(lengths, lengths), async (texts, cuts) => {
        const parts = new RunParts(RUN.id);
        const shown = [...parts.begin(), ...parts.entries([{ kind: 'asked', step: 1, seq: 1 } as Entry])];
        for (const [at, text] of texts.entries())
          for (let offset = 0, cut = 0; offset < text.length; cut++) {
            const piece = text.slice(offset, offset + (cuts[at]?.[cut] ?? text.length));
            shown.push(...parts.piece(1, offset, piece));
            offset += piece.length;
            const [seen = ''] = textsOf(await messageOf(shown));
            expect(texts.some((each) => each.startsWith(seen))).toBe(true);
          }
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['cancelled', { state: 'cancelled' as const }, [{ type: 'abort', reason: 'cancelled' }]],
    [
      'failed',
      { state: 'failed' as const, failure: 'model_failed', failure_detail: 'No answer.' },
      [{ type: 'error', errorText: 'No answer.' }],
    ],
  ])('says that it was %s', (_, how, last) => {
    const parts = new RunParts(RUN.id);
    expect([...parts.begin(), ...parts.end(ended(how))]).toEqual([{ type: 'start', messageId: RUN.id }, ...last]);
  });

  it('says what refused Stars, and why, to whoever reads on', async () => {
    const parts = new RunParts(RUN.id);
    const refused = { kind: 'refused', step: 1, seq: 2, refused_by: 'agent_day' } as Entry;
    const answer = 'The daily cap of the agent allows no further step.';
    const shown = [
      ...parts.begin(),
      ...parts.entries([{ kind: 'asked', step: 1, seq: 1 } as Entry, refused]),
      ...parts.end(ended({ state: 'failed', answer, refused_by: 'agent_day' })),
    ];
    const message = await messageOf(shown);
    expect(textsOf(message)).toEqual([answer]);
    expect(message?.parts).toContainEqual(
      expect.objectContaining({ type: 'data-refused', data: { step: 1, layer: 'agent_day' } }),
    );
  });
});
