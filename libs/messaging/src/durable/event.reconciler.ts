import {
  CATALOG,
  entityOf,
  type EventContract,
  type historyMessages,
  type RequestContract,
  type ServiceName,
} from '@apollo/contracts';
import { currentTenant, newId, runAsSystem } from '@apollo/tenancy';
import { platformStatement, type Statement, type TenantDatabase } from '@apollo/tenancy/postgres';
import type { Bus } from '../nats/bus.client.js';
import { Poller } from '../process/poller.js';
import type { BlockedEntity, DeadLetters } from './dead.letters.js';
import { type DurableEvent, entityKey } from './event.envelope.js';
import type { ConsumerObserver, EventReactor, Verdict } from './event.reactor.js';
import { durableRoutes, entitiesTaken } from './event.streams.js';
import { concurrently } from './concurrently.js';

/** Milliseconds between two comparisons. */
const COMPARE_EVERY_MS = 2_000;
/**
 * Milliseconds a comparison waits at most for JetStream to deliver what it has: most of what is missing then is on its
 * way.
 */
const WAIT_AT_MOST_MS = 30_000;
/** Milliseconds a producer has to answer; one that is cut off is asked again at the next comparison. */
const ANSWER_WITHIN_MS = 2_000;
/** Entities that are caught up with at once, and organizations whose wishes are. */
const AT_ONCE = 8;
/** Milliseconds that one organization's wishes take at most of a turn: the next one goes on with the rest. */
const TURN_MS = 1_000;
/** Milliseconds from which on what is missing of an organization is left to the next comparison. */
const CAUGHT_UP_MS = 5_000;

type Heads = RequestContract<historyMessages.EventHeadsRequest, historyMessages.EventHeads>;
type Events = RequestContract<historyMessages.EntityEventsRequest, historyMessages.EntityEvents>;

/** What a reconciler needs from its service. */
export interface EventReconcilerOptions {
  readonly service: ServiceName;
  readonly bus: Bus;
  readonly database: TenantDatabase;
  /** The service's schema, which has the `inboxTables`. */
  readonly schema: string;
  readonly reactor: EventReactor;
  readonly deadLetters: DeadLetters;
  readonly observer: ConsumerObserver;
  /** Whether events of a producer are on their way from JetStream. */
  readonly isBehind: (producer: ServiceName) => boolean;
}

/**
 * Compares how far a service has come with what its producers have written, Postgres with Postgres, and has what is
 * missing handled from there. JetStream may lose everything: events arrive late then, and none is lost.
 */
export class EventReconciler {
  private readonly looking: Poller;
  /** By producer, the kinds of entity of which its events come here. */
  private readonly followed: ReadonlyMap<ServiceName, string[]>;
  private readonly compared = new Map<ServiceName, number>();
  private replaying: Promise<void> | undefined;
  /** Entities that are being caught up with because a later event of theirs waits. */
  private readonly bringing = new Map<string, Promise<unknown>>();
  private readonly position: Statement<{ mark: string }, { source: string }>;
  private readonly keep: Statement<object, { id: string; source: string; mark: string }>;

  constructor(private readonly options: EventReconcilerOptions) {
    this.looking = new Poller(
      COMPARE_EVERY_MS,
      () => this.look(),
      (error) => options.observer.failed('reconcile', '', error),
    );
    const followed = durableRoutes()
      .filter(({ consumer }) => consumer === options.service)
      .map(({ producer, consumer }) => [producer, entitiesTaken(producer, consumer)] as const);
    this.followed = new Map(followed);
    const table = `${options.schema}.event_positions`;
    this.position = platformStatement('event position', `select mark from ${table} where source = :source`);
    this.keep = platformStatement(
      'keep event position',
      `
      insert into ${table} (id, source, mark) values (:id::uuid, :source, :mark) on conflict (realm, source) do update set mark = excluded.mark`,
    );
  }

  start(): void {
    this.looking.start();
  }

  async stop(): Promise<void> {
    await this.looking.stop();
    await this.replaying;
    await Promise.allSettled(this.bringing.values());
  }

  /**
   * Compares once with one producer; what could not be brought is met again at the next comparison.
   *
   * @returns how many events it brought
   */
  async compare(producer: ServiceName): Promise<number> {
    let brought = 0;
    let whole = true;
    /** Of each organization of which something is missing, when it began to be caught up with. */
    const begun = new Map<string, number>();
    let mark = await this.asPlatform(() => this.options.database.query(this.position, { source: producer })).then(
      ([known]) => known?.mark,
    );
    for (let complete = false; !complete && !this.looking.signal.aborted;) {
      const answer = await this.asPlatform(() =>
        this.options.bus.request(
          contractOf<Heads>(producer, 'list-event-heads'),
          { mark, entities: this.followedOf(producer) },
          { timeoutMs: ANSWER_WITHIN_MS },
        ),
      );
      const heads = latest(answer.items);
      await concurrently(heads, AT_ONCE, async ({ org_id, entity, entity_id, entity_version }) => {
        if (this.options.reactor.hasSeen(producer, entity, org_id, entity_id, entity_version)) return;
        const now = performance.now();
        if (now - (begun.get(org_id) ?? now) > CAUGHT_UP_MS) {
          whole = false;
          return;
        }
        if (!begun.has(org_id)) begun.set(org_id, now);
        try {
          const more = await this.asOrg(org_id, () => this.catchUp(producer, entity, entity_id, entity_version));
          brought += more;
        } catch (error) {
          // It waits by itself; the others do not wait for it.
          whole = false;
          this.options.observer.failed(`${producer}.${entity}`, '', error);
        }
      });
      ({ mark, complete } = answer);
      if (whole)
        await this.asPlatform(() =>
          this.options.database.query(this.keep, { id: newId(), source: producer, mark: answer.mark }),
        );
    }
    return brought;
  }

  /** Brings what is missing before an event that came too early. */
  async bring(contract: EventContract, event: DurableEvent): Promise<void> {
    const key = entityKey(contract, event);
    // Whoever catches up already does it for all that wait.
    if (this.bringing.has(key) || this.looking.signal.aborted) return;
    const work = this.asOrg(event.org, () =>
      this.catchUp(contract.service, entityOf(contract), event.entityId, event.entityVersion),
    );
    this.bringing.set(key, work);
    await work.finally(() => this.bringing.delete(key));
  }

  /**
   * Has handled anew what somebody asked for; it ends among the dead letters again when it still cannot be. Of each
   * organization as much as there is time for: none waits for the wishes of another.
   */
  async replay(): Promise<void> {
    const blocked = await this.asPlatform(() => this.options.deadLetters.list());
    const wishes = Map.groupBy(
      blocked.filter(({ replay }) => replay),
      ({ org_id }) => org_id,
    );
    await concurrently(wishes.values(), AT_ONCE, (asked) => this.replayAll(asked));
  }

  private async replayAll(wishes: readonly BlockedEntity[]): Promise<void> {
    const begun = performance.now();
    for (const asked of wishes) {
      if (performance.now() - begun > TURN_MS || this.looking.signal.aborted) return;
      await this.asOrg(asked.org_id, () => this.replayOne(asked)).catch((error: unknown) =>
        this.options.observer.failed(`${asked.source}.${asked.entity}`, '', error),
      );
    }
  }

  private async replayOne({ source, entity, entity_id }: BlockedEntity): Promise<void> {
    const { deadLetters } = this.options;
    // A process that ends in between leaves the wish behind, and the next one begins again.
    await deadLetters.clear({ source, entity }, entity_id);
    await this.catchUp(source, entity, entity_id, Infinity);
    await deadLetters.settle({ source, entity }, entity_id);
  }

  private async look(): Promise<void> {
    // No comparison waits for it: what somebody wishes for may wait for a lock of their organization.
    this.replaying ??= this.replay()
      .catch((error: unknown) => this.options.observer.failed('replay', '', error))
      .finally(() => (this.replaying = undefined));
    for (const producer of this.followed.keys()) {
      const before = this.compared.get(producer) ?? -Infinity;
      if (this.options.isBehind(producer) && performance.now() - before < WAIT_AT_MOST_MS) continue;
      await this.compare(producer).catch((error: unknown) =>
        this.options.observer.failed(`${producer}.list-event-heads.v1`, '', error),
      );
      this.compared.set(producer, performance.now());
    }
  }

  /**
   * Handles the events of one entity up to a version, or all there are. What has to wait is met again: by JetStream, or
   * at the next comparison.
   */
  private async catchUp(producer: ServiceName, entity: string, entityId: string, version: number): Promise<number> {
    // A producer of the version before tells of everything it wrote.
    if (!this.followedOf(producer).includes(entity)) return 0;
    let brought = 0;
    for (;;) {
      const known = await this.options.reactor.versionOf(producer, entity, entityId);
      if (known.blocked || known.version >= version) return brought;
      const { items } = await this.options.bus.request(contractOf<Events>(producer, 'list-entity-events'), {
        entity,
        entity_id: entityId,
        after: known.version,
      });
      if (items.length === 0 && version === Infinity) return brought;
      if (items.length === 0)
        throw new Error(`${producer} has no event after version ${known.version} of an entity it told of`);
      for (const item of items) {
        const verdict = await this.handle(item, entityId);
        if (!verdict.done) throw new Error(`${item.type} has to wait`);
        brought += 1;
      }
    }
  }

  private followedOf(producer: ServiceName): string[] {
    return this.followed.get(producer) ?? [];
  }

  private async handle(item: historyMessages.WrittenEvent, entityId: string): Promise<Verdict> {
    const contract = CATALOG.get(item.type);
    if (contract?.kind !== 'event') throw new Error(`${item.type} waits for a version of the service that knows it`);
    const event: DurableEvent = {
      org: currentTenant().orgId as string,
      id: item.id,
      type: item.type,
      entityId,
      entityVersion: item.entity_version,
      requestId: item.request_id,
      trace: item.trace ?? undefined,
      body: item.body,
    };
    return this.options.reactor.handle(contract, event);
  }

  private asPlatform<T>(fn: () => T): T {
    return runAsSystem(
      {
        reason: 'events of any organization may be missing',
        service: this.options.service,
        scope: 'platform',
        requestId: newId(),
      },
      fn,
    );
  }

  private asOrg<T>(orgId: string, fn: () => T): T {
    return runAsSystem(
      {
        reason: 'an event of the organization is missing',
        service: this.options.service,
        scope: 'org',
        orgId,
        requestId: newId(),
      },
      fn,
    );
  }
}

function contractOf<T extends RequestContract>(producer: ServiceName, method: string): T {
  const contract = CATALOG.get(`${producer}.${method}.v1`);
  if (!contract) throw new Error(`${producer} tells of durable events and has no ${method}`);
  return contract as T;
}

/** The last head of each entity; the organizations in turn, so that none fills all places while others wait. */
function latest(heads: readonly historyMessages.EventHead[]): historyMessages.EventHead[] {
  const last = new Map<string, historyMessages.EventHead>();
  for (const head of heads) {
    const key = `${head.org_id} ${head.entity} ${head.entity_id}`;
    if ((last.get(key)?.entity_version ?? 0) < head.entity_version) last.set(key, head);
  }
  const nth = new Map<string, number>();
  const turns: historyMessages.EventHead[][] = [];
  for (const head of last.values()) {
    const turn = nth.get(head.org_id) ?? 0;
    nth.set(head.org_id, turn + 1);
    (turns[turn] ??= []).push(head);
  }
  return turns.flat();
}
