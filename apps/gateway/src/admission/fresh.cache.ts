import { LRUCache } from 'lru-cache';

interface Entry<Value> {
  readonly key: string;
  readonly owner: string;
  /** Milliseconds at which the question was asked: the answer is at least as fresh. */
  readonly since: number;
  readonly answer: Promise<Value>;
  /** Undefined while the answer is on its way. */
  place?: string;
}

/** What is said about answers that have to be forgotten: whose they are, where they hold, or both. */
export interface Affected {
  readonly owner?: string | undefined;
  /** An answer that is on its way may hold anywhere. */
  readonly place?: string | undefined;
}

/** How long answers are used, and how many of them. */
export interface FreshCacheOptions<Value> {
  /** How long an answer may be used after it was last known to hold; the bound on staleness, in milliseconds. */
  readonly maxAgeMs: number;
  readonly maxEntries: number;
  /** Milliseconds of a clock that is never put back. */
  readonly now?: (() => number) | undefined;
  /**
   * The last moment at which the answer to a question asked at `since` is known to hold; the moment of asking where nobody
   * knows better.
   */
  readonly holdsUntil?: (since: number) => number;
  /** Where an answer holds, e.g. in which organization. */
  readonly placeOf?: (value: Value) => string;
}

/**
 * Answers that may be used again for a short while. Age counts from the moment of asking at the earliest, several askers share one
 * question, errors are not kept, and what is forgotten while its answer is on its way is never handed out later. To forget takes
 * as long as what is forgotten is much, however much else is remembered.
 */
export class FreshCache<Value extends object> {
  private readonly entries: LRUCache<string, Entry<Value>>;
  private readonly ofOwner = new Groups<Entry<Value>>();
  private readonly ofPlace = new Groups<Entry<Value>>();
  private readonly onTheirWay = new Set<Entry<Value>>();
  private readonly now: () => number;
  private readonly holdsUntil: (since: number) => number;

  constructor(private readonly options: FreshCacheOptions<Value>) {
    this.now = options.now ?? (() => performance.now());
    this.holdsUntil = options.holdsUntil ?? ((since) => since);
    this.entries = new LRUCache({ max: options.maxEntries, dispose: (entry) => this.leave(entry) });
  }

  /** The answer for `key`, which is `owner`'s, by `ask` when none is fresh. */
  get(key: string, owner: string, ask: () => Promise<Value>): Promise<Value> {
    const known = this.entries.get(key);
    if (known && this.now() - this.holdsUntil(known.since) < this.options.maxAgeMs) return known.answer;
    const entry: Entry<Value> = { key, owner, since: this.now(), answer: ask() };
    this.entries.set(key, entry);
    this.ofOwner.add(owner, entry);
    this.onTheirWay.add(entry);
    entry.answer.then(
      (value) => this.arrived(entry, this.options.placeOf?.(value)),
      () => this.drop(entry),
    );
    return entry.answer;
  }

  /** Forgets every answer that is affected. */
  forget({ owner, place }: Affected): void {
    const there = place === undefined ? undefined : this.ofPlace.of(place);
    const theirs = owner === undefined ? undefined : this.ofOwner.of(owner);
    const isAffected = (entry: Entry<Value>): boolean =>
      (owner === undefined || entry.owner === owner) &&
      (place === undefined || entry.place === place || this.onTheirWay.has(entry));
    // Of two groups the smaller one: a person may be in very many organizations, and an organization have very many people.
    const among = theirs && (!there || theirs.size <= there.size) ? [theirs] : [there ?? [], this.onTheirWay];
    for (const entry of among.flatMap((group) => [...group])) if (isAffected(entry)) this.drop(entry);
  }

  /** Forgets everything. */
  clear(): void {
    this.entries.clear();
  }

  private arrived(entry: Entry<Value>, place: string | undefined): void {
    this.onTheirWay.delete(entry);
    if (place === undefined || this.entries.peek(entry.key) !== entry) return;
    entry.place = place;
    this.ofPlace.add(place, entry);
  }

  private drop(entry: Entry<Value>): void {
    if (this.entries.peek(entry.key) === entry) this.entries.delete(entry.key);
  }

  private leave(entry: Entry<Value>): void {
    this.ofOwner.delete(entry.owner, entry);
    this.onTheirWay.delete(entry);
    if (entry.place !== undefined) this.ofPlace.delete(entry.place, entry);
  }
}

/** Sets of members by name; a name without members takes no room. */
class Groups<Member> {
  private readonly groups = new Map<string, Set<Member>>();

  of(name: string): ReadonlySet<Member> {
    return this.groups.get(name) ?? new Set();
  }

  add(name: string, member: Member): void {
    const group = this.groups.get(name) ?? new Set();
    this.groups.set(name, group.add(member));
  }

  delete(name: string, member: Member): void {
    const group = this.groups.get(name);
    group?.delete(member);
    if (group?.size === 0) this.groups.delete(name);
  }
}
