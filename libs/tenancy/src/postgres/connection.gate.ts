import { isFull, NotConnectedError } from './database.errors.js';
import { patience } from './patience.js';

/** An attempt to make a connection, under way. */
export interface Attempt {
  /** Resolves when the connection is made. */
  readonly made: Promise<unknown>;
  /**
   * Whether the server has asked who it is: a process of the server's works for it from then on, also where it is given
   * up here.
   */
  isHeard(): boolean;
  /** Has nothing in this process wait for it any more. */
  abandon(): void;
  /** Ends it, made or not. */
  end(): void;
}

/** Attempts that may be under way at once, those that were given up and that the server still works on among them. */
const AT_ONCE = 2;
/** Milliseconds for which an attempt waits at the gate. */
const TURN_WITHIN_MS = 2_500;
/** Milliseconds after which an attempt of which the server has not asked anything is given up … */
const HEARD_WITHIN_MS = 3_000;
/** … and any other: before those who wait for it are refused, so that they go on with connections that there are. */
const MADE_WITHIN_MS = 4_500;
/** Milliseconds for which the server may go on with one that was given up, before nobody waits for its end any more. */
const ENDED_WITHIN_MS = 60_000;
/** Milliseconds of the pause after the first failure; each further one doubles it. */
const PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

interface Waiting {
  readonly enter: () => void;
  readonly fail: (error: Error) => void;
}

/**
 * What every attempt to connect passes, of one process as one role. A server may spend a gigabyte and a minute on each,
 * since the role has a default of that size, and goes on with one whose client has left: attempts that are merely given
 * up and made again would pile up there until it has no memory for anybody. So few are under way at once; after a
 * failure a single one is, and none until a pause has passed; and one that was given up counts until the server has
 * ended it. The first that succeeds lets all others go on.
 */
export class ConnectionGate {
  private underWay = 0;
  /** Given up, and not yet ended by the server. */
  private abandoned = 0;
  private failures = 0;
  private pause: NodeJS.Timeout | undefined;
  private readonly waiting: Waiting[] = [];

  /**
   * Makes an attempt when it is its turn.
   *
   * @throws NotConnectedError where its turn does not come in time, or it is not made in time; else what it failed
   *   with, or
   *   the one that went ahead of it
   */
  async pass(begin: () => Attempt): Promise<void> {
    await this.turn();
    let attempt: Attempt | undefined;
    try {
      attempt = begin();
      await inTime(attempt);
      this.succeed();
    } catch (error) {
      if (attempt && error instanceof NotConnectedError) this.giveUp(attempt);
      // A server that is full has answered at once, and those that wait may find a place.
      if (!isFull(error)) this.fail(error as Error);
      throw error;
    } finally {
      this.underWay -= 1;
      this.admit();
    }
  }

  private async turn(): Promise<void> {
    if (this.abandoned >= AT_ONCE) throw new NotConnectedError();
    if (this.isFree()) {
      this.underWay += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const place: Waiting = {
        enter: () => {
          end();
          this.underWay += 1;
          resolve();
        },
        fail: (error) => {
          end();
          reject(error);
        },
      };
      const end = patience(TURN_WITHIN_MS, () => {
        this.waiting.splice(this.waiting.indexOf(place), 1);
        reject(new NotConnectedError());
      });
      this.waiting.push(place);
    });
  }

  private isFree(): boolean {
    if (this.failures > 0 && (this.pause || this.underWay > 0)) return false;
    return this.underWay + this.abandoned < AT_ONCE;
  }

  private admit(): void {
    while (this.waiting.length > 0 && this.isFree()) this.waiting.shift()?.enter();
  }

  private succeed(): void {
    this.failures = 0;
    clearTimeout(this.pause);
    this.pause = undefined;
  }

  private fail(error: Error): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(
      () => {
        this.pause = undefined;
        this.admit();
      },
      Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** this.failures),
    );
    this.pause.unref();
    this.failures += 1;
    this.waiting.splice(0).forEach((place) => place.fail(error));
  }

  /** The server notices neither that a client has gone nor that it is to end a process, until that has begun. */
  private giveUp(attempt: Attempt): void {
    const ended = attempt.made.then(
      () => attempt.end(),
      () => undefined,
    );
    if (!attempt.isHeard()) return attempt.end();
    this.abandoned += 1;
    attempt.abandon();
    const timer = setTimeout(() => attempt.end(), ENDED_WITHIN_MS).unref();
    void ended.then(() => {
      clearTimeout(timer);
      this.abandoned -= 1;
      this.admit();
    });
  }
}

function inTime(attempt: Attempt): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new NotConnectedError());
    let end = patience(HEARD_WITHIN_MS, () => {
      if (attempt.isHeard()) end = patience(MADE_WITHIN_MS - HEARD_WITHIN_MS, late);
      else late();
    });
    const settled = attempt.made.finally(() => end());
    settled.then(() => resolve(), reject);
  });
}
