import type { CapLayer } from './cap.tables.js';

/** One of the counters that a reservation counts against: its layer, for whom it counts, and the day it begins. */
export type Meter = readonly [layer: CapLayer, subject: string, starts: string];

/** What a reservation gave back and when; below zero what it was charged beyond what it kept then. */
export interface End {
  readonly at: number;
  readonly freed: number;
}

/** A reservation as it was: when, for whom, how much, and how it ended. Times are milliseconds, with fractions. */
export interface PastHold {
  readonly at: number;
  /** In the order they are asked. */
  readonly meters: readonly Meter[];
  readonly agent: string;
  readonly person: string | null;
  readonly run: string;
  readonly stars: number;
  /** None while it is open; two where it was charged after it had been given back. */
  readonly ends: readonly End[];
}

/** The subject of a cap for all that have none of their own. */
const EVERY = '*';

/** A cap that is thought of. */
export interface HypotheticalCap {
  readonly layer: CapLayer;
  readonly subject: string;
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

/** A counter that one of the caps is for. */
interface Capped {
  readonly key: string;
  readonly cap: HypotheticalCap;
  readonly outcome: CapOutcome;
}
interface Ending extends End {
  readonly counters: readonly Capped[];
}

/**
 * Replays reservations against caps, by the rules of a real one: the layers are asked in their order, the first to
 * refuse counts, all of them hold what was let in, and an end gives back what was not spent; what ends at the moment of
 * a reservation has ended before it. What came before `since` fills the caps of its periods and is not counted. What
 * would have been refused was not spent either.
 *
 * @param holds oldest first, from the beginning of the month of `since` on
 */
export function simulate(
  holds: readonly PastHold[],
  caps: readonly HypotheticalCap[],
  since: number,
): SimulationResult {
  const outcomes = caps.map((): CapOutcome => ({ refused: 0, refusedStars: 0, firstRefusedAt: null, peak: 0 }));
  const said = new Map(
    caps.map((cap, index) => [`${cap.layer} ${cap.subject}`, { cap, outcome: outcomes[index] as CapOutcome }]),
  );
  const used = new Map<string, number>();
  const usedOf = ({ key }: Capped): number => used.get(key) ?? 0;
  const endings = new EndingQueue();
  const totals = { reservations: 0, refused: 0, refusedStars: 0, first: null as FirstRefusal | null };
  for (const hold of holds) {
    endings.until(hold.at, ({ counters, freed }) =>
      counters.forEach((counter) => used.set(counter.key, usedOf(counter) - freed)),
    );
    const counters = cappedOf(hold, said);
    const counts = hold.at >= since;
    if (counts) totals.reservations += 1;
    const refusing = counters.find((counter) => usedOf(counter) + hold.stars > counter.cap.stars);
    if (refusing) {
      if (counts) note(totals, refusing, hold, usedOf(refusing));
      continue;
    }
    for (const counter of counters) {
      const now = usedOf(counter) + hold.stars;
      used.set(counter.key, now);
      if (counts) counter.outcome.peak = Math.max(counter.outcome.peak, now);
    }
    if (counters.length > 0) hold.ends.forEach((end) => endings.add({ ...end, counters }));
  }
  return { ...totals, caps: outcomes };
}

function note(
  totals: { refused: number; refusedStars: number; first: FirstRefusal | null },
  { cap, outcome }: Capped,
  hold: PastHold,
  used: number,
): void {
  totals.refused += 1;
  totals.refusedStars += hold.stars;
  totals.first ??= { hold, layer: cap.layer, cap: cap.stars, used };
  outcome.refused += 1;
  outcome.refusedStars += hold.stars;
  outcome.firstRefusedAt ??= hold.at;
}

/** The counters of a reservation that are capped, by a cap of their own or the one for all, in the order of asking. */
function cappedOf(hold: PastHold, said: ReadonlyMap<string, Omit<Capped, 'key'>>): Capped[] {
  return hold.meters.flatMap(([layer, subject, starts]) => {
    const cap = said.get(`${layer} ${subject}`) ?? said.get(`${layer} ${EVERY}`);
    return cap ? [{ ...cap, key: `${layer} ${subject} ${starts}` }] : [];
  });
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
