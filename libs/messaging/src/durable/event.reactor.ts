import { DomainError, entityOf, errorBody, type EventContract, received, type ServiceName } from '@apollo/contracts';
import { DatabaseBusyError, isOfAnotherVersion } from '@apollo/tenancy/postgres';
import { LRUCache } from 'lru-cache';
import type { DeadLetters } from './dead.letters.js';
import { type DurableEvent, entityKey, keyOfEntity, inEventContext } from './event.envelope.js';
import type { EventOutcome, Inbox } from './inbox.js';

/** Milliseconds until an event is tried again, by the number of times it was; the last counts for all further ones. */
const BACK_OFF_MS = [100, 500, 2_000, 5_000];
/** Times an event may fail before it is put among the dead letters. */
const ATTEMPTS = 8;
/**
 * Milliseconds until an event is tried again for which its organization had no connection left, or the database is too
 * new.
 */
const BUSY_MS = 2_000;
/** Milliseconds until an event whose predecessor is missing is looked at again. */
const EARLY_MS = 250;
/** Kinds of refusals that may end differently next time; all others are the same for good. */
const PASSING: readonly string[] = ['unavailable', 'conflict', 'too_many', 'internal'];

/** Is called with what becomes of events; the service kit turns it into metrics and log lines. */
export interface ConsumerObserver {
  event(type: string, org: string, outcome: EventOutcome | 'rejected' | 'failed' | 'buried' | 'unknown'): void;
  failed(type: string, requestId: string, error: unknown): void;
}

/** What a reaction may know of its event besides the payload: its `@Ctx()` argument. */
export type ReactionContext = Pick<DurableEvent, 'entityId' | 'entityVersion'>;

/** Runs the reaction to an event, checked and in its context. */
export type Reaction = (payload: object, event: ReactionContext) => Promise<unknown>;

/** What has to be done with an event after it was handled: nothing, or to bring it again. */
export type Verdict =
  { readonly done: true } | { readonly done: false; readonly again: number; readonly early: boolean };

const DONE: Verdict = { done: true };

/**
 * Has each durable event take effect once: in the context of its organization, in the transaction that remembers it.
 * Events of one entity are handled one after the other; what fails waits by itself and holds up no other entity.
 */
export class EventReactor {
  private readonly entities = new Map<string, Promise<unknown>>();
  /**
   * How often each event that waits has failed here; a delivery that found it too early, or the database away or busy,
   * was no failure of its.
   */
  private readonly failures = new Map<string, number>();
  /** How far this process has seen entities come lately. */
  private readonly seen = new LRUCache<string, number>({ max: 20_000 });

  /** @param reactionTo the reaction to a type of event; without one an event is only remembered */
  constructor(
    private readonly inbox: Inbox,
    private readonly deadLetters: DeadLetters,
    private readonly reactionTo: (type: string) => Reaction | undefined,
    private readonly observer: ConsumerObserver,
  ) {}

  /**
   * Handles an event whose origin is certain.
   *
   * @throws pg errors when not even its failure can be written down
   */
  handle(contract: EventContract, event: DurableEvent): Promise<Verdict> {
    return this.inTurn(entityKey(contract, event), () =>
      inEventContext(contract, event, () => this.settle(contract, event)),
    );
  }

  /** How far the service has come with an entity of the acting organization. */
  versionOf(source: ServiceName, entity: string, entityId: string): Promise<{ version: number; blocked: boolean }> {
    return this.inbox.versionOf({ source, entity }, entityId);
  }

  /**
   * Whether this process has seen an entity come to a version; if not, it may still have: `versionOf` asks the
   * database.
   */
  hasSeen(source: ServiceName, entity: string, org: string, entityId: string, version: number): boolean {
    return this.seenOf(keyOfEntity(source, entity, org, entityId)) >= version;
  }

  private async settle(contract: EventContract, event: DurableEvent): Promise<Verdict> {
    const origin = { source: contract.service, entity: entityOf(contract) };
    const deadLetter = async (reason: string): Promise<Verdict> => {
      await this.deadLetters.add(origin, event, reason);
      this.failures.delete(event.id);
      this.observer.event(event.type, event.org, 'buried');
      return DONE;
    };
    const outcome = await this.attempt(contract, event, origin).catch((error: unknown) => ({ error }));
    if (typeof outcome === 'string') {
      if (outcome === 'behind-dead-letter') return deadLetter(outcome);
      this.observer.event(event.type, event.org, outcome);
      if (outcome === 'early') return { done: false, again: EARLY_MS, early: true };
      this.failures.delete(event.id);
      this.see(entityKey(contract, event), event.entityVersion);
      return DONE;
    }
    this.observer.failed(event.type, event.requestId, outcome.error);
    if (outcome.error instanceof DatabaseBusyError || isOfAnotherVersion(outcome.error)) {
      this.observer.event(event.type, event.org, 'failed');
      return { done: false, again: BUSY_MS, early: false };
    }
    const attempt = (this.failures.get(event.id) ?? 0) + 1;
    this.failures.set(event.id, attempt);
    if (attempt >= ATTEMPTS || isFinal(outcome.error)) return deadLetter(errorBody(outcome.error).code);
    this.observer.event(event.type, event.org, 'failed');
    return { done: false, again: BACK_OFF_MS[attempt - 1] ?? BACK_OFF_MS.at(-1) ?? 0, early: false };
  }

  private async attempt(
    contract: EventContract,
    event: DurableEvent,
    origin: { source: ServiceName; entity: string },
  ): Promise<EventOutcome> {
    const key = entityKey(contract, event);
    const { entityVersion: version } = event;
    // Most events are the next one of what was seen last; of the others it is asked first, so that none is tried in
    // vain.
    if (version > this.seenOf(key) + 1) {
      const reached = await this.inbox.versionOf(origin, event.entityId);
      this.see(key, reached.version);
      if (version > reached.version && reached.blocked) return 'behind-dead-letter';
      if (version > reached.version + 1) return 'early';
    }
    const payload = received(contract.request, JSON.parse(event.body) as unknown);
    const alone = this.failures.has(event.id) || version <= this.seenOf(key);
    return this.inbox.once(
      origin,
      event,
      async () => {
        await this.reactionTo(event.type)?.(payload, event);
      },
      alone,
    );
  }

  private see(key: string, version: number): void {
    this.seen.set(key, Math.max(this.seenOf(key), version));
  }

  private seenOf(key: string): number {
    return this.seen.get(key) ?? 0;
  }

  /** One after the other for one entity, whatever the others do. */
  private inTurn<T>(key: string, fn: () => Promise<T>): Promise<T> {
    const turn = (this.entities.get(key) ?? Promise.resolve()).then(fn, fn);
    this.entities.set(key, turn);
    const forget = (): void => {
      if (this.entities.get(key) === turn) this.entities.delete(key);
    };
    turn.then(forget, forget);
    return turn;
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof DomainError && !PASSING.includes(error.kind));
}
