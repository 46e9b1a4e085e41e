import { type Contestant, interleave, middle, type Pace, type Rounds } from '../load/interleaved.rounds.js';
import { type Handled, handledBy, LISTS, meanMs } from '../measure/service.metrics.js';
import type { SizePoint } from '../report/bench.report.js';
import type { BenchField } from '../servers/bench.field.js';
import { NAMES } from '../servers/server.names.js';

/** Times the list on a small and on a large dataset in turn, one request at a time. */
export async function timeLists(
  small: BenchField,
  large: BenchField,
  pace: Pace,
  report: (line: string) => void,
): Promise<{ small: SizePoint; large: SizePoint }> {
  const fields = [small, large];
  const contestants = fields.flatMap(listers);
  let slices = 0;
  let before: Handled[] = [];
  const handled = (): Promise<Handled[]> => Promise.all(fields.map(({ ours }) => handledBy(ours, LISTS)));
  const rounds = await interleave(contestants, pace, report, async () => {
    // The first round is for warming up.
    if (slices++ === contestants.length) before = await handled();
    await Promise.all(fields.map(({ person }) => person.renew()));
  });
  const after = await handled();
  const [ofSmall, ofLarge] = await Promise.all(
    fields.map((field, place) => pointOf(field, rounds, meanMs(before[place], after[place] as Handled))),
  );
  return { small: ofSmall as SizePoint, large: ofLarge as SizePoint };
}

const nameAt = (name: string, { orgs }: BenchField): string =>
  `${name}, ${orgs.length.toLocaleString('en')} organizations`;

function listers(field: BenchField): Contestant[] {
  return field
    .listers()
    .filter(({ name }) => name === NAMES.barePg || name === NAMES.ours)
    .map((lister) => ({ ...lister, name: nameAt(lister.name, field) }));
}

async function pointOf(field: BenchField, rounds: Rounds, handlerMs: number): Promise<SizePoint> {
  const p50 = (name: string): number => middle(rounds[nameAt(name, field)] ?? [], 'p50Ms');
  return {
    orgs: field.orgs.length,
    leads: await field.leadCount(),
    handlerMs,
    httpP50Ms: p50(NAMES.ours),
    bareP50Ms: p50(NAMES.barePg),
  };
}
