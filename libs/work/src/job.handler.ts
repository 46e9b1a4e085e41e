import type { ErrorCode, Permission } from '@apollo/contracts';
import type { Refusal } from '@apollo/messaging';
import type { ClaimedJob, JobEnd } from './jobs.js';
import type { WorkTurn } from './work.turn.js';

/**
 * Does jobs of one kind, each in the context of its organization and of whoever asked for it. A process may go down at
 * any point of the work, and another one begins it again: what counts is written in transactions that begin with
 * `Jobs.cameOn`.
 */
export interface JobHandler {
  /** Lower-case words joined by hyphens, 40 characters at most. */
  readonly kind: string;
  /**
   * Whether it is what services have done on their own, and no person: then nobody is asked whether it may be done.
   * Default false.
   */
  readonly isOwn?: boolean;
  /**
   * How many of one organization are done at once, by all processes together: 8 at most. Default 1, for what is done in
   * the order in which it was asked for.
   */
  readonly atOnce?: number;
  /** What the role of whoever asked for it must allow, for as long as it is done. */
  readonly permission?: Permission;
  /**
   * The name under which it is done for somebody, e.g. that of a persona; other services and audit logs are told it.
   */
  nameOf?(job: ClaimedJob): string | undefined;
  /** Times a job is taken up without coming on before it is exhausted. */
  readonly attempts: number;
  /** What becomes of an exhausted job: `dead` ones wait for an operator. */
  readonly exhausted: { readonly state: 'dead' | 'failed'; readonly code: ErrorCode; readonly detail: string };
  /**
   * Brings the job to its end; ending it is the caller's.
   *
   * @throws DomainError why it cannot be done: it fails for good; LeftOffError for what is to go on later, by the turn
   *   or by
   *   itself; ClaimLostError; anything else is tried again after a while
   */
  work(job: ClaimedJob, turn: WorkTurn): Promise<void>;
  /**
   * Runs in the transaction in which a job ends: what else has to be written then. One that was stopped ends as the
   * service itself, and waits for no lock for long.
   */
  ended(id: string, end: JobEnd): Promise<void>;
}

/** A job that is asked about. */
export interface AskedWork {
  readonly id: string;
  /** What its kind needs; see `JobHandler`. */
  readonly permission: Permission | undefined;
  /** The text of what was granted for it, if anything was. */
  readonly delegation: string | null;
}

/** `unknown` has work wait: it is left off, and goes on once it is known. */
export type PermitAnswer = 'granted' | 'unknown' | Refusal;

/**
 * Says whether the acting person may still have work done in the acting organization: asked before each attempt, and
 * every second while a job runs or waits. It may keep a `granted` for 2 s at most, and no refusal; where it cannot be
 * known for a few seconds, it says so.
 */
export interface WorkPermit {
  ask(work: AskedWork): Promise<PermitAnswer>;
}
