import { DomainError } from '@apollo/contracts';
import { afterWait } from '@apollo/messaging';
import { currentTenant } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { FILES_LOOKED_AT, OPEN_IMPORTS } from './import.limits.js';

/** A file whose turn has not come, or that is being looked at. */
interface Turn {
  readonly org: string;
  readonly actor: string;
  /** Has it looked at. */
  readonly begin: () => void;
}

/** Organizations and people whose last turn is remembered. */
const REMEMBERED = 10_000;

/**
 * Lets this process look at a few files at a time: one of an organization, and one of a person in however many
 * organizations. The next is the file of those whose last turn is longest ago, so nobody waits for all that others have
 * waiting here, which are as many of an organization, and of a person, as it may have imports open. Looking takes a
 * core, of which everybody has a part.
 */
@Injectable()
export class FileQueue {
  private readonly looked = new Set<Turn>();
  private waiting: readonly Turn[] = [];
  private turns = 0;
  private readonly lastTurns = new LRUCache<string, number>({ max: REMEMBERED });

  /**
   * Runs `work` when it is its turn, where it may still be done by then.
   *
   * @throws DomainError `rate_limited` where too many of the acting organization, or of the person, wait; as `afterWait`
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const { orgId, actor } = currentTenant();
    const org = orgId ?? '';
    const count = (own: (turn: Turn) => boolean): number => this.waiting.filter(own).length;
    if (count((turn) => turn.org === org) >= OPEN_IMPORTS)
      throw new DomainError('rate_limited', 'Too many files of the organization are being looked at.');
    if (count((turn) => turn.actor === actor) >= OPEN_IMPORTS)
      throw new DomainError('rate_limited', 'Too many of your files are being looked at.');
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const turn = { org, actor, begin };
    this.waiting = [...this.waiting, turn];
    this.next();
    await begun;
    try {
      return await afterWait(work);
    } finally {
      this.looked.delete(turn);
      this.next();
    }
  }

  /** Begins with those who may, as long as there are places. */
  private next(): void {
    while (this.looked.size < FILES_LOOKED_AT) {
      const [first, ...others] = this.waiting.filter((turn) => !this.isBusyWith(turn));
      if (!first) return;
      const turn = others.reduce((best, other) => (this.lastTurn(other) < this.lastTurn(best) ? other : best), first);
      this.waiting = this.waiting.filter((other) => other !== turn);
      this.turns++;
      this.lastTurns.set(turn.org, this.turns);
      this.lastTurns.set(turn.actor, this.turns);
      this.looked.add(turn);
      turn.begin();
    }
  }

  /** When its organization or its person had a turn, whichever is later; 0 for none. */
  private lastTurn({ org, actor }: Turn): number {
    return Math.max(this.lastTurns.get(org) ?? 0, this.lastTurns.get(actor) ?? 0);
  }

  private isBusyWith({ org, actor }: Turn): boolean {
    return [...this.looked].some((other) => other.org === org || other.actor === actor);
  }
}
