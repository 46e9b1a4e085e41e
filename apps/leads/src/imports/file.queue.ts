import { FairQueue } from '@apollo/messaging';
import { currentTenant } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { FILES_LOOKED_AT, OPEN_IMPORTS } from './import.limits.js';

/**
 * Lets this process look at a few files at a time: one of an organization, and one of a person in however many
 * organizations. Waiting are as many of an organization, and of a person, as it may have imports open. Looking takes a
 * core, of which everybody has a part.
 */
@Injectable()
export class FileQueue {
  private readonly queue = new FairQueue({
    atOnce: FILES_LOOKED_AT,
    atOnceOfHolder: 1,
    waiting: Infinity,
    waitingOfHolder: OPEN_IMPORTS,
  });

  /**
   * Runs `work` when it is its turn, where it may still be done by then.
   *
   * @throws DomainError `rate_limited` where too many of the acting organization, or of the person, wait; as `afterWait`
   */
  run<T>(work: () => Promise<T>): Promise<T> {
    const { orgId, actor } = currentTenant();
    return this.queue.run(
      [
        { name: orgId ?? '', shares: 1, refusal: 'Too many files of the organization are being looked at.' },
        { name: actor, shares: 1, refusal: 'Too many of your files are being looked at.' },
      ],
      work,
    );
  }
}
