import type { agentsMessages } from '@apollo/contracts';
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from 'ai';
import fc from 'fast-check';
import { type MessagePart, RunParts } from './run.parts.js';

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
const RUN = { id: 'run', answer: null, failure: null, failure_detail: null } as unknown as agentsMessages.RunTrace;
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

/** What is shown where the steps are watched while they happen. */
function watched(made: readonly Step[]): MessagePart[] {
  const parts = new RunParts('run');
  const all = logOf(made);
  const shown = parts.begin();
  for (const entry of all) {
    const step = made[entry.step - 1] as Step;
    if (entry.kind === 'answered') shown.push(...piecesOf(parts, step, entry.step));
    // What is brought again makes no difference.
    shown.push(...parts.entries(all.slice(0, entry.seq)));
  }
  return [...shown, ...parts.end(ended({}))];
}

function piecesOf(parts: RunParts, { text, pieces, isTakenBack }: Step, step: number): MessagePart[] {
  let offset = 0;
  return pieces.flatMap(([length, isLost]) => {
    const piece = isTakenBack ? '-'.repeat(length) : text.slice(offset, offset + length);
    const shown = isLost ? [] : parts.piece(step, offset, piece);
    offset += piece.length;
    return shown;
  });
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
        const late = new RunParts('run');
        const read = [...late.begin(), ...late.entries(logOf(made)), ...late.end(ended({}))];
        const [live, whole] = [await messageOf(watched(made)), await messageOf(read)];
        expect(live).toEqual(whole);
        expect(textsOf(whole)).toEqual(made.map(({ text }) => text).filter((text) => text !== ''));
      }),
      { numRuns: 300 },
    );
  });

  it('shows pieces as they come, each once, and none of another step or behind a gap', () => {
    const parts = new RunParts('run');
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
        const parts = new RunParts('run');
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
    const parts = new RunParts('run');
    expect([...parts.begin(), ...parts.end(ended(how))]).toEqual([{ type: 'start', messageId: 'run' }, ...last]);
  });

  it('says what refused Stars, and why, to whoever reads on', async () => {
    const parts = new RunParts('run');
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
