import { type Contestant, interleave, middle, type Pace } from '../load/interleaved.rounds.js';
import { type Counted, type Handled, handledBy } from '../measure/service.metrics.js';
import type { DocumentPoint } from '../report/bench.report.js';
import type { BenchField } from '../servers/bench.field.js';

const SEARCHES: Counted = { service: 'agents', type: 'agents.search-documents.v1' };

/**
 * Times the ten passages that fit best, in an organization of few passages among many such and in one of many, in turn,
 * one request at a time.
 *
 * @param few passages of each organization, and `many` of the last one
 */
export async function timeSearches(
  field: BenchField,
  { few, many }: { readonly few: number; readonly many: number },
  pace: Pace,
  report: (line: string) => void,
): Promise<DocumentPoint[]> {
  await field.fillDocuments(few, many);
  const searchers = field.searchers();
  const handled = new Map<string, Handled>(searchers.map(({ name }) => [name, { messages: 0, milliseconds: 0 }]));
  let last: { readonly name: string; readonly before: Handled } | undefined;
  const note = async (): Promise<Handled> => {
    const now = await handledBy(field.ours, SEARCHES);
    if (last) {
      const { messages, milliseconds } = handled.get(last.name) as Handled;
      handled.set(last.name, {
        messages: messages + now.messages - last.before.messages,
        milliseconds: milliseconds + now.milliseconds - last.before.milliseconds,
      });
    }
    return now;
  };
  let slices = 0;
  const rounds = await interleave(searchers, pace, report, async () => {
    const before = await note();
    // The first round is for warming up.
    const { name } = searchers[slices % searchers.length] as Contestant;
    last = slices++ < searchers.length ? undefined : { name, before };
    await field.person.renew();
  });
  await note();
  return searchers.map(({ name }, place) => {
    const { messages, milliseconds } = handled.get(name) as Handled;
    return {
      passages: place === 0 ? few : many,
      handlerMs: milliseconds / messages,
      httpP50Ms: middle(rounds[name] ?? [], 'p50Ms'),
    };
  });
}
