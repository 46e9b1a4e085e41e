import { DomainError } from '@apollo/contracts';
import { handledMessage } from '@apollo/messaging';
import { currentTenant } from '@apollo/tenancy';
import { type Call, call, hasCode, type TenantDatabase } from '@apollo/tenancy/postgres';
import { jobCalls } from './job.calls.js';
import { OPEN_OF_A_KIND, TOO_MANY_JOBS } from './job.tables.js';

/** A job that somebody has to look at. */
export interface DueJob {
  readonly org_id: string;
  readonly job_id: string;
  /** In whose name it is done: a person's id, or `system:<service>`. */
  readonly started_by: string;
}

/**
 * Tells a job apart from all others: whoever starts one chooses its id, so that two organizations may have the same.
 */
export function jobKey({ org_id, job_id }: DueJob): string {
  return `${org_id} ${job_id}`;
}

/** A job that was stopped and is to be ended. */
export type EndingJob = Pick<DueJob, 'org_id' | 'job_id'>;

/** A stopped job as it ends, and why. */
export interface StoppedJob {
  readonly kind: string;
  readonly code: string;
  readonly detail: string;
}

/** A job that died: ids only, so that it can be found before its organization is known. */
export interface DeadJob {
  readonly org_id: string;
  readonly job_id: string;
  readonly since: Date;
}

/**
 * Proof that a job is this worker's: whoever takes it over changes the lease, and then nothing of the former worker is
 * written any more.
 */
export interface Claim {
  readonly id: string;
  readonly lease: string;
}

/** A job that this process, and nobody else, works on. */
export interface ClaimedJob extends Claim {
  readonly kind: string;
  /** What it was started with, as it is stored: within its bound, but whatever SQL wrote there. */
  readonly payload: unknown;
  readonly started_by: string;
  /**
   * The text of what was granted for it; null for what services do on their own, or was started by a release before.
   */
  readonly delegation: string | null;
  /** Attempts since the job last came on, this one included. */
  readonly attempts: number;
  readonly created_at: Date;
}

/** What is known of a job. */
export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly state: JobState;
  readonly attempts: number;
  readonly progress: unknown;
  readonly error_code: string | null;
  readonly error_detail: string | null;
}

/**
 * `open` until it ends. What is `dead` failed too often and waits for an operator; what was `stopped` may be started
 * again.
 */
export type JobState = 'open' | 'done' | 'failed' | 'dead' | 'stopped' | 'cancelled';

/** How a job ended. */
export type JobEnd =
  | { readonly state: 'done' | 'cancelled' }
  | { readonly state: 'failed' | 'dead' | 'stopped'; readonly code: string; readonly detail: string | null };

/** A new job. */
export interface NewJob {
  /** Of the caller's choice; a job that has ended under this id begins anew. */
  readonly id: string;
  readonly kind: string;
  /** The handler's input; a few kilobytes of JSON at most. */
  readonly payload?: object;
  /** Seconds until it is looked at, an hour at most. */
  readonly seconds?: number;
}

/** What is known of a job before anybody has claimed it. */
export interface GrantedJob {
  readonly kind: string;
  readonly delegation: string | null;
}

/**
 * The jobs of a service, whose schema has `workTables` and `workFunctions`: started within the transaction of the
 * change that needs them, claimed by one process at a time, kept alive, and ended. All but the look-ups work within the
 * acting organization.
 */
export class Jobs {
  private readonly calls;
  private wake: () => void = () => undefined;

  constructor(
    private readonly database: TenantDatabase,
    schema: string,
  ) {
    this.calls = jobCalls(schema);
  }

  /** Has `wake` called whenever a job that is due now was committed here. */
  onStarted(wake: () => void): void {
    this.wake = wake;
  }

  /**
   * Starts a job in the name of the acting person, by what they granted with the request being handled, as part of the
   * open transaction: it begins once that is committed, or never. One of this id that is open already goes on as it is,
   * and is only looked at then.
   *
   * @throws DomainError `forbidden` where a service acts for the person: what it was granted ends, and what it began
   *   would
   *   not; `state_conflict` where the organization has as many open as it may; the transaction is over then
   */
  async start({ id, kind, payload = {}, seconds = 0 }: NewJob): Promise<void> {
    const { actor, delegation } = currentTenant();
    if (delegation) throw new DomainError('forbidden', 'Only a person may ask for work that outlives the request.');
    await this.database.transaction(async (transaction) => {
      await transaction
        .query(this.calls.start, {
          id,
          kind,
          payload: JSON.stringify(payload),
          seconds,
          by: actor,
          granted: grantedFor(id),
        })
        .catch((error: unknown) => {
          throw hasCode(error, TOO_MANY_JOBS) ? tooManyJobs() : error;
        });
      if (seconds === 0) transaction.afterCommit(() => this.wake());
    });
  }

  async find(id: string): Promise<Job | undefined> {
    const [job] = await this.database.query(this.calls.find, { id });
    return job;
  }

  /**
   * Takes a job that nobody works on, unless as many of its kind are at work of the organization as may be.
   *
   * @param places how many those are
   */
  async claim(id: string, lease: string, places = 1): Promise<ClaimedJob | undefined> {
    const [[claimed], [granted]] = await this.database.batch([
      call(this.calls.claim, { id, lease, places }),
      call(this.calls.granted, { id }),
    ]);
    return claimed && { ...claimed, delegation: granted?.delegation ?? null, id, lease };
  }

  /** What an open job is of, and by what it is done. */
  async granted(id: string): Promise<GrantedJob | undefined> {
    const [job] = await this.database.query(this.calls.granted, { id });
    return job;
  }

  /**
   * A sign of life. False when the claim is no longer ours.
   *
   * @param progress what is shown of the job so far; a few kilobytes at most
   */
  async keep(claim: Claim, progress?: object): Promise<boolean> {
    const [row] = await this.database.query(this.calls.keep, held(claim, false, progress));
    return row?.alive === true;
  }

  /**
   * Goes into the transaction of each step of a job, before what it writes: holds the claim until the commit, and says
   * that the job came on.
   *
   * @returns a call whose first row has `alive`: when that is not true, nothing may be written
   */
  cameOn(claim: Claim, progress?: object): Call<{ alive: boolean }> {
    return call(this.calls.keep, held(claim, true, progress));
  }

  /** Lets another process take over after `seconds`. @param isAttempt whether it counts as one */
  async release(claim: Claim, seconds: number, isAttempt: boolean): Promise<void> {
    await this.database.query(this.calls.release, { id: claim.id, lease: claim.lease, seconds, is_attempt: isAttempt });
  }

  /** Has nobody look at a job for so many seconds. */
  async putOff(id: string, seconds: number): Promise<void> {
    await this.database.query(this.calls.putOff, { id, seconds });
  }

  /**
   * Ends a job. False when it is not open, or the claim is not ours.
   *
   * @param lease null for one that nobody has claimed
   */
  async end(id: string, lease: string | null, end: JobEnd): Promise<boolean> {
    const { code, detail } = { code: null, detail: null, ...end };
    const [row] = await this.database.query(this.calls.end, { id, lease, state: end.state, code, detail });
    return row?.ended === true;
  }

  /** Ends a job whoever works on it, who then writes nothing more. False when it is not open. */
  cancel(id: string): Promise<boolean> {
    return this.end(id, null, { state: 'cancelled' });
  }

  /**
   * Stops open jobs that were started by somebody, by any person when that is null: a hundred at most, those under way
   * first. No step of theirs commits from then on, also one that has begun; `endStopped` is what ends them.
   *
   * @returns how many were stopped that were not yet
   */
  async stop(startedBy: string | null, code: string, detail: string): Promise<number> {
    return (await this.database.query(this.calls.stop, { of: startedBy, code, detail })).length;
  }

  /** As `stop`, one alone, whoever started it. @returns whether it was stopped that was not yet */
  async stopOne(id: string, code: string, detail: string): Promise<boolean> {
    const [row] = await this.database.query(this.calls.stopOne, { id, code, detail });
    return row?.stopped === true;
  }

  /** Ends a stopped job. Undefined when it is none, or somebody holds its row at the moment. */
  async endStopped(id: string): Promise<StoppedJob | undefined> {
    const [stopped] = await this.database.query(this.calls.endStopped, { id });
    return stopped;
  }

  /** Has nobody look at a stopped job for half a minute. */
  async putOffStopped(id: string): Promise<void> {
    await this.database.query(this.calls.putOffStopped, { id });
  }

  /** Jobs that were stopped and have not ended: as `findDue`. */
  findStopped(after: string): Promise<EndingJob[]> {
    return this.database.query(this.calls.stopped, { after });
  }

  /**
   * Jobs of people that are due: of the organizations behind this one first, in the order of their ids; only under the
   * platform scope.
   */
  findDue(after: string): Promise<DueJob[]> {
    return this.database.query(this.calls.due, { after });
  }

  /** As `findDue`, of what services have done on their own. */
  findOwn(after: string): Promise<DueJob[]> {
    return this.database.query(this.calls.own, { after });
  }

  /**
   * Jobs that died, of every organization, two thousand at most and two hundred of each; only under the platform scope.
   */
  findDead(): Promise<DeadJob[]> {
    return this.database.query(this.calls.dead, {});
  }

  /** Begins a dead job anew; as the service itself. False when it is not dead. */
  async replay(id: string): Promise<boolean> {
    const [row] = await this.database.query(this.calls.replay, { id });
    return row?.known === true;
  }

  /** Leaves a dead job undone; as the service itself. False when it is not dead. */
  async giveUp(id: string): Promise<boolean> {
    const [row] = await this.database.query(this.calls.giveUp, { id });
    return row?.known === true;
  }
}

/** What the acting person granted for this job with the message being handled. */
function grantedFor(id: string): string | null {
  const granted = handledMessage()?.envelope.granted;
  return granted?.grant.run === id ? granted.text : null;
}

function tooManyJobs(): DomainError {
  return new DomainError(
    'state_conflict',
    `At most ${OPEN_OF_A_KIND} pieces of work of a kind may wait in an organization. Try again once some are done.`,
  );
}

function held({ id, lease }: Claim, cameOn: boolean, progress: object | undefined) {
  return { id, lease, came_on: cameOn, progress: progress === undefined ? null : JSON.stringify(progress) };
}
