import { DomainError } from '@apollo/contracts';
import { afterWait } from '@apollo/messaging';
import { currentTenant } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { FILES_LOOKED_AT, OPEN_IMPORTS } from './import.limits.js';

/** A file whose turn has not come, or that is being looked at. */
interface Turn {
  readonly org: string;
  readonly actor: string;
  /** Has it looked at. */
  readonly begin: () => void;
}

/**
 * Lets this process look at a few files at a time, in the order they came: one of an organization, and one of a person
 * in however many organizations. As many others as an organization may have imports open wait here. Looking takes a
 * core, of which everybody has a part.
 */
@Injectable()
export class FileQueue {
  private readonly looked = new Set<Turn>();
  private waiting: readonly Turn[] = [];

  /**
   * Runs `work` when it is its turn, where it may still be done by then.
   *
   * @throws DomainError `rate_limited` where too many of the acting organization wait; as `afterWait`
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const { orgId, actor } = currentTenant();
    const org = orgId ?? '';
    const own = this.waiting.filter((turn) => turn.org === org);
    if (own.length >= OPEN_IMPORTS)
      throw new DomainError('rate_limited', 'Too many files of the organization are being looked at.');
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

  /** Begins with those who may, in the order they came. */
  private next(): void {
    this.waiting = this.waiting.filter((turn) => {
      if (this.looked.size >= FILES_LOOKED_AT || this.isBusyWith(turn)) return true;
      this.looked.add(turn);
      turn.begin();
      return false;
    });
  }

  private isBusyWith({ org, actor }: Turn): boolean {
    return [...this.looked].some((other) => other.org === org || other.actor === actor);
  }
}
