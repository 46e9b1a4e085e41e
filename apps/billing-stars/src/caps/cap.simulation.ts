import type { CapLayer } from './cap.tables.js';

/** A reservation as it was: when, for whom, how much, and how and when it ended. Times are milliseconds. */
export interface PastHold {
  readonly at: number;
  /** First day of its month, and its day, where the organization is. */
  readonly period: string;
  readonly day: string;
  readonly agent: string;
  readonly person: string | null;
  readonly run: string;
  readonly stars: number;
  /** What it ended with: its cost, 0 for one that was given back; null while it is open. */
  readonly settled: number | null;
  readonly endedAt: number | null;
}

/** A cap that is thought of. Without an agent it is for every one that has none of its own. */
export interface HypotheticalCap {
  readonly layer: CapLayer;
  readonly agent: string | null;
  readonly person: string | null;
  readonly stars: number;
}

/** What one of the caps would have done. */
export interface CapOutcome {
  refused: number;
  refusedStars: number;
  firstRefusedAt: number | null;
  peak: number;
}

/** The first reservation that would have been refused. */
export interface FirstRefusal {
  readonly hold: PastHold;
  readonly layer: CapLayer;
  readonly cap: number;
  readonly used: number;
}

export interface SimulationResult {
  readonly reservations: number;
  readonly refused: number;
  readonly refusedStars: number;
  readonly first: FirstRefusal | null;
  /** Beside the caps given. */
  readonly caps: readonly CapOutcome[];
}

interface Meter {
  readonly key: string;
  readonly cap: number;
}
interface Ending {
  readonly at: number;
  readonly meters: readonly Meter[];
  readonly freed: number;
}

/**
 * Replays reservations against caps, by the rules of a real one: the layers are asked in their order, the first to
 * refuse counts, all of them hold what was let in, and an end gives back what was not spent. What came before `since`
 * fills the caps of its periods and is not counted. What would have been refused was not spent either.
 *
 * @param holds oldest first, from the beginning of the month of `since` on
 */
export function simulate(
  holds: readonly PastHold[],
  caps: readonly HypotheticalCap[],
  since: number,
): SimulationResult {
  const own = new Map(caps.map((cap, index) => [subjectOf(cap), index]));
  const outcomes = caps.map((): CapOutcome => ({ refused: 0, refusedStars: 0, firstRefusedAt: null, peak: 0 }));
  const used = new Map<string, number>();
  const endings = new EndingQueue();
  const totals = { reservations: 0, refused: 0, refusedStars: 0, first: null as FirstRefusal | null };
  for (const hold of holds) {
    endings.until(hold.at, ({ meters, freed }) =>
      meters.forEach(({ key }) => used.set(key, (used.get(key) ?? 0) - freed)),
    );
    const meters = metersOf(hold, own);
    const counts = hold.at >= since;
    if (counts) totals.reservations += 1;
    const refusing = meters.find(({ key, cap }) => (used.get(key) ?? 0) + hold.stars > (caps[cap]?.stars ?? Infinity));
    if (refusing) {
      if (counts)
        note(totals, outcomes[refusing.cap], {
          hold,
          layer: caps[refusing.cap]?.layer ?? 'org_month',
          cap: caps[refusing.cap]?.stars ?? 0,
          used: used.get(refusing.key) ?? 0,
        });
      continue;
    }
    for (const { key, cap } of meters) {
      const now = (used.get(key) ?? 0) + hold.stars;
      used.set(key, now);
      const outcome = outcomes[cap];
      if (outcome && counts) outcome.peak = Math.max(outcome.peak, now);
    }
    if (hold.endedAt !== null && meters.length > 0)
      endings.add({ at: hold.endedAt, meters, freed: hold.stars - (hold.settled ?? 0) });
  }
  return { ...totals, caps: outcomes };
}

function note(
  totals: { refused: number; refusedStars: number; first: FirstRefusal | null },
  outcome: CapOutcome | undefined,
  refusal: FirstRefusal,
): void {
  const { hold } = refusal;
  totals.refused += 1;
  totals.refusedStars += hold.stars;
  totals.first ??= refusal;
  if (!outcome) return;
  outcome.refused += 1;
  outcome.refusedStars += hold.stars;
  outcome.firstRefusedAt ??= hold.at;
}

function subjectOf({ layer, agent, person }: Pick<HypotheticalCap, 'layer' | 'agent' | 'person'>): string {
  return `${layer} ${agent ?? '*'} ${person ?? '*'}`;
}

/** What a reservation is counted by, in the order the layers are asked. */
function metersOf(hold: PastHold, own: ReadonlyMap<string, number>): Meter[] {
  const { agent, person, period, day } = hold;
  const meters: Meter[] = [];
  const ask = (layer: CapLayer, of: { agent: string | null; person: string | null }, starts: string): void => {
    const cap = own.get(subjectOf({ layer, ...of })) ?? own.get(subjectOf({ layer, agent: null, person: null }));
    if (cap !== undefined) meters.push({ key: `${subjectOf({ layer, ...of })} ${starts}`, cap });
  };
  ask('org_month', { agent: null, person: null }, period);
  ask('agent_day', { agent, person: null }, day);
  if (person !== null) ask('user_agent_month', { agent, person }, period);
  return meters;
}

/** Ends that are still to come, the next one first: a binary heap. */
class EndingQueue {
  private readonly heap: Ending[] = [];

  add(ending: Ending): void {
    const { heap } = this;
    let at = heap.push(ending) - 1;
    for (let above = (at - 1) >> 1; at > 0 && (heap[above] as Ending).at > ending.at; above = (at - 1) >> 1) {
      heap[at] = heap[above] as Ending;
      at = above;
    }
    heap[at] = ending;
  }

  /** Hands over every end up to a moment, that one included: what ends then makes room first. */
  until(moment: number, take: (ending: Ending) => void): void {
    for (let next = this.heap[0]; next && next.at <= moment; next = this.heap[0]) {
      take(next);
      this.shift();
    }
  }

  private shift(): void {
    const { heap } = this;
    const last = heap.pop() as Ending;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below + 1 < heap.length && (heap[below + 1] as Ending).at < (heap[below] as Ending).at) below += 1;
      if (below >= heap.length || (heap[below] as Ending).at >= last.at) break;
      heap[at] = heap[below] as Ending;
      at = below;
    }
    heap[at] = last;
  }
}
