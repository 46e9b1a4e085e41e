import { StartFailure } from '@apollo/servers';
import { type FaultKind, faultKinds } from './fault.kinds.js';
import type { SeededNumbers } from './seeded.numbers.js';
import type { SoakArguments } from './soak.arguments.js';

/** One fault of a plan. */
export interface PlannedFault {
  readonly kind: FaultKind;
  readonly target: string;
  /** Milliseconds between the fault and its healing. */
  readonly lastsMs: number;
}

/** What happens at one moment: one fault, or two at once. */
export interface Round {
  /** Milliseconds after the load began; later when the round before took longer to heal. */
  readonly atMs: number;
  readonly faults: readonly PlannedFault[];
}

/** Milliseconds from one round to the next, at least. */
const ROUND_MS = 8_000;
/** In so many of a hundred rounds a second fault comes on top. */
const TWO_AT_ONCE = 25;
/** May come on top of another: they take nothing down. */
const ON_TOP = new Set(['latency', 'messages twice, late and out of order', 'reset in the middle of COMMIT']);

/** The faults of a run, all of them before any comes again, in an order that only the seed decides. */
export function planOf({ seconds, only, cluster }: SoakArguments, numbers: SeededNumbers): Round[] {
  const kinds = faultKinds(cluster);
  const named = (kind: FaultKind, target: string): boolean =>
    only.length === 0 || only.some((word) => nameOf({ kind, target }).includes(word));
  const all = kinds
    .map((kind) => ({ kind, targets: kind.targets.filter((target) => named(kind, target)) }))
    .filter(({ targets }) => targets.length > 0);
  if (all.length === 0)
    throw new StartFailure(
      `No fault has such a name: ${only.join(', ')}. There are: ${[...new Set(kinds.map(({ name }) => name))].join('; ')}.`,
    );
  const rounds = Math.max(1, Math.floor((seconds * 1000) / ROUND_MS));
  const deck = dealt(all, numbers);
  return Array.from({ length: rounds }, (_, place) => {
    const first = deck();
    const second = numbers.percent(TWO_AT_ONCE) && !ON_TOP.has(first.kind.name) ? onTop(kinds, numbers) : undefined;
    return {
      atMs: place * ROUND_MS,
      faults: [first, ...(second && named(second.kind, second.target) ? [second] : [])].map((fault) => ({
        ...fault,
        lastsMs: numbers.between(300, 4_000),
      })),
    };
  });
}

interface Choice {
  readonly kind: FaultKind;
  readonly target: string;
}

/** Kinds take turns, each with its next target; so the rare ones come as often as those with many targets. */
function dealt(all: readonly { kind: FaultKind; targets: readonly string[] }[], numbers: SeededNumbers): () => Choice {
  const targets = new Map<FaultKind, string[]>();
  let kinds: FaultKind[] = [];
  return () => {
    if (kinds.length === 0)
      kinds = numbers.shuffled(
        all.flatMap(({ kind, targets: { length } }) => Array.from({ length: length > 8 ? 3 : 1 }, () => kind)),
      );
    const kind = kinds.pop() as FaultKind;
    const left = targets.get(kind)?.length
      ? (targets.get(kind) as string[])
      : numbers.shuffled(all.find((entry) => entry.kind === kind)?.targets ?? []);
    const target = left.pop() as string;
    targets.set(kind, left);
    return { kind, target };
  };
}

function onTop(kinds: readonly FaultKind[], numbers: SeededNumbers): Choice {
  const kind = numbers.one(kinds.filter(({ name }) => ON_TOP.has(name)));
  return { kind, target: numbers.one(kind.targets) };
}

/** What a fault is called. */
export function nameOf({ kind, target }: Pick<PlannedFault, 'kind' | 'target'>): string {
  return `${kind.name} ${target}`;
}

/** The names of faults that a plan has and nobody tried, each once, in the plan's order. */
export function untried(plan: readonly Round[], tried: ReadonlySet<string>): string[] {
  const planned = new Set(plan.flatMap(({ faults }) => faults.map(nameOf)));
  return [...planned].filter((name) => !tried.has(name));
}

/** A plan as it is printed. */
export function describeRound({ atMs, faults }: Round): string {
  return `${(atMs / 1000).toFixed(0).padStart(4)} s  ${faults.map((fault) => `${nameOf(fault)} (${(fault.lastsMs / 1000).toFixed(1)} s)`).join('  and  ')}`;
}
