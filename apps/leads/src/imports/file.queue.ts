import { DomainError } from '@apollo/contracts';
import { afterWait } from '@apollo/messaging';
import { currentTenant } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { OPEN_IMPORTS } from './import.limits.js';

/**
 * Lets an organization have one file looked at by this process at a time, in the order they came; as many others as it may
 * have imports open wait here. Looking takes a core, of which every organization has a part.
 */
@Injectable()
export class FileQueue {
  /** Who waits behind the file that is being looked at, by organization. */
  private readonly waiting = new Map<string, (() => void)[]>();

  /**
   * Runs `work` when it is its turn in the acting organization, where it may still be done by then.
   *
   * @throws DomainError `rate_limited` where too many wait; as `afterWait`
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const org = currentTenant().orgId ?? '';
    const waiting = this.waiting.get(org);
    if (!waiting) this.waiting.set(org, []);
    else if (waiting.length < OPEN_IMPORTS) await new Promise<void>((begin) => waiting.push(begin));
    else throw new DomainError('rate_limited', 'Too many files of the organization are being looked at.');
    try {
      return await afterWait(work);
    } finally {
      const next = this.waiting.get(org)?.shift();
      if (next) next();
      else this.waiting.delete(org);
    }
  }
}
