import type { ServiceName } from '@apollo/contracts';
import { Poller } from '@apollo/messaging';
import { describe, type Logger } from '@apollo/service-kit';
import { NIL_ID } from '@apollo/tenancy';
import { type DueWork, WorkContext } from './work.context.js';
import { WorkTurn } from './work.turn.js';

/** Where a runner finds what is to be done. */
export interface WorkSource<Due extends DueWork> {
  /**
   * What is due, of many organizations; under the platform scope.
   *
   * @param after the organization that had the last turn
   */
  due(after: string): Promise<readonly Due[]>;
  /**
   * In the context of its organization, without waiting for locks for long.
   *
   * @returns the work to be done, or undefined when there is none here
   */
  begin(due: Due): Promise<((turn: WorkTurn) => Promise<void>) | undefined>;
  /** Told, in that context, of what could not be begun or done: it is not to be found again at once. */
  putOff(due: Due): Promise<void> | void;
}

/** How a runner works. */
export interface RunnerOptions {
  readonly service: ServiceName;
  /** Why no caller's context can serve, in a few words. */
  readonly reason: string;
  /** What this process works on at once. */
  readonly places: number;
  /** How many of these places each organization has at most; one, unless said otherwise. */
  readonly placesOfOrg?: number;
  /** Milliseconds between two looks when nothing calls for an earlier one. */
  readonly pauseMs: number;
  readonly logger: Logger;
}

/**
 * Finds what is due, whichever organization it is of, and has a few of them worked on at a time: of each organization
 * no more than its places, for a slice of time while others wait, in the context of that organization and of whoever
 * asked for it. What fails is put off and stops no other. A look goes round the organizations, from behind the one that
 * had the last turn.
 */
export class WorkRunner<Due extends DueWork> {
  private readonly looking: Poller;
  private readonly context: WorkContext;
  /** By organization: each has its places here and no more, whatever its rows say. */
  private readonly atWork = new Map<string, Set<Promise<void>>>();
  /** The organization that had the last turn. */
  private last = NIL_ID;
  /** How many look for a place. */
  private waiting = 0;

  constructor(
    private readonly source: WorkSource<Due>,
    private readonly options: RunnerOptions,
  ) {
    this.context = new WorkContext(options.service, options.reason);
    this.looking = new Poller(
      options.pauseMs,
      () => this.take(),
      (error) => this.failed(error, 'looking for work failed'),
    );
  }

  start(): void {
    this.looking.start();
  }

  /** Looks now, or once more after the look under way. */
  wake(): void {
    this.looking.wake();
  }

  /** Stops at the next step of each; what is left is taken up by another process, or by this one when it comes back. */
  async stop(): Promise<void> {
    await this.looking.stop();
    await this.settled();
  }

  /** Looks once and waits for all that was begun. @returns how much was due */
  async round(): Promise<number> {
    const due = await this.take();
    await this.settled();
    return due;
  }

  private async settled(): Promise<void> {
    await Promise.all(this.turns());
  }

  private turns(): Promise<void>[] {
    return [...this.atWork.values()].flatMap((turns) => [...turns]);
  }

  /** Gives each organization that has due work its turns as places become free, the first of each before the second. */
  private async take(): Promise<number> {
    const due = await this.context.forAll(() => this.source.due(this.last));
    const ofOrgs = Map.groupBy(due, (each) => each.org_id);
    for (let nth = 0; nth < this.placesOfOrg; nth += 1)
      for (const [org, work] of ofOrgs) {
        if (nth >= work.length || this.isFull(org)) continue;
        await this.place();
        if (this.looking.signal.aborted) return due.length;
        // What others of the organization go through first, this one goes through last.
        if (!this.isFull(org)) this.turn(org, [...work.slice(nth), ...work.slice(0, nth)]);
      }
    return due.length;
  }

  private get placesOfOrg(): number {
    return this.options.placesOfOrg ?? 1;
  }

  private isFull(org: string): boolean {
    return (this.atWork.get(org)?.size ?? 0) >= this.placesOfOrg;
  }

  private turn(org: string, work: readonly Due[]): void {
    const turns = this.atWork.get(org) ?? new Set();
    this.atWork.set(org, turns);
    this.last = org;
    const turn = this.attend(work)
      .catch((error: unknown) => this.failed(error, 'work left behind'))
      .finally(() => {
        turns.delete(turn);
        if (turns.size === 0) this.atWork.delete(org);
      });
    turns.add(turn);
  }

  /** Waits until one of the places is free. */
  private async place(): Promise<void> {
    this.waiting += 1;
    for (let turns = this.turns(); turns.length >= this.options.places; turns = this.turns()) await Promise.race(turns);
    this.waiting -= 1;
  }

  /** Goes through what an organization has due until there is work on some of it, and does that. */
  private async attend(work: readonly Due[]): Promise<void> {
    for (const due of work) {
      if (this.looking.signal.aborted) return;
      const worked = await this.context.within(due, () => this.begin(due));
      if (worked) return this.wake();
    }
  }

  /** @returns whether there was work */
  private async begin(due: Due): Promise<boolean> {
    try {
      const work = await this.source.begin(due);
      await work?.(new WorkTurn(this.looking.signal, () => this.waiting > 0));
      return work !== undefined;
    } catch (error) {
      this.failed(error, 'work put off', due.org_id);
      await this.source.putOff(due);
      return false;
    }
  }

  private failed(error: unknown, what: string, org?: string): void {
    this.options.logger.error({ org_id: org, error: describe(error) }, what);
  }
}
