import { DomainError } from '@apollo/contracts';
import { currentTenant, Tally } from '@apollo/tenancy';

/** Streams one person may have open in this process, of all organizations together. */
const PER_PERSON = 10;
/** Streams one process serves at once, and of one organization. */
export const STREAMS_IN_ALL = 2_000;
const PER_ORG = 500;

/** The places of a process for streams that stay open, whatever they show. */
export class StreamPlaces {
  private readonly ofOrgs = new Tally();
  private readonly ofPeople = new Tally();
  private readonly ending = new AbortController();
  private count = 0;

  /** Aborted once streams are to end. */
  get closing(): AbortSignal {
    return this.ending.signal;
  }

  /**
   * Takes a place for the acting person in the acting organization.
   *
   * @returns gives it back; more than once is as good as once
   * @throws DomainError `rate_limited` when too many streams are open
   */
  take(): () => void {
    const { orgId, actor } = currentTenant();
    if (orgId === null) throw new Error('only an organization can be watched');
    const isFull =
      this.count >= STREAMS_IN_ALL || this.ofOrgs.of(orgId) >= PER_ORG || this.ofPeople.of(actor) >= PER_PERSON;
    if (this.closing.aborted || isFull) throw new DomainError('rate_limited', 'Too many event streams are open.');
    const change = (by: number): void => {
      this.ofOrgs.add(orgId, by);
      this.ofPeople.add(actor, by);
      this.count += by;
    };
    change(1);
    let isTaken = true;
    return () => {
      if (isTaken) change(-1);
      isTaken = false;
    };
  }

  /** Ends every stream: whoever comes back finds another process, or this one started again. */
  close(): void {
    this.ending.abort();
  }
}
