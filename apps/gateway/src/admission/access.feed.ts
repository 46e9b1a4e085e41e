import { type orgsMessages } from '@apollo/contracts';
import { Poller } from '@apollo/messaging';

/** Milliseconds between two questions. */
const ASK_EVERY_MS = 1_500;
/** Milliseconds of silence after which an old mark is worth nothing: orgs keeps changes for an hour. */
const MARK_LASTS_MS = 1_800_000;

/** Asks orgs what changed in anybody's access since a mark. */
export type AskForChanges = (mark: string | undefined) => Promise<orgsMessages.AccessChanges>;

/** Told of each change; of null when there were too many to name. */
export type OnChange = (change: orgsMessages.ChangedAccess | null) => void;

/**
 * Follows the changes of access in orgs' own record. As long as every answer has come, what a gateway remembers is as
 * fresh as the last question: nothing that changed before it can have been missed, whatever happened to the
 * announcements. When answers stay away, what is remembered grows old as if nobody had asked.
 */
export class AccessFeed {
  private mark: string | undefined;
  /** Since when no change can have been missed. */
  private unbrokenSince = Infinity;
  /** When the last question that was answered was asked. */
  private confirmedAt = -Infinity;
  private readonly looking = new Poller(
    ASK_EVERY_MS,
    () => this.poll(),
    () => undefined,
  );

  constructor(
    private readonly ask: AskForChanges,
    private readonly onChange: OnChange,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Until when an answer that was asked for at `since` is known to hold, unless it was forgotten. */
  holdsUntil(since: number): number {
    return since >= this.unbrokenSince ? Math.max(since, this.confirmedAt) : since;
  }

  /** Asks once. @throws DomainError when no answer comes; nothing is taken for unchanged then */
  async poll(): Promise<void> {
    const askedAt = this.now();
    if (askedAt - this.confirmedAt > MARK_LASTS_MS) this.restart();
    const first = this.mark === undefined;
    const { mark, items, complete } = await this.ask(this.mark);
    for (const change of complete ? items : [null]) this.onChange(change);
    this.mark = mark;
    this.confirmedAt = askedAt;
    if (first) this.unbrokenSince = this.now();
  }

  /** Asks again and again until `stop`. */
  start(): void {
    this.looking.start();
  }

  stop(): Promise<void> {
    return this.looking.stop();
  }

  private restart(): void {
    this.mark = undefined;
    this.unbrokenSince = Infinity;
  }
}
