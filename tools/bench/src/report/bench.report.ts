import type { Measured } from '../load/interleaved.rates.js';
import type { Rounds } from '../load/interleaved.rounds.js';

/** How one server did, medians over all rounds. */
export interface ServerFigures {
  readonly name: string;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMsPerRequest: number;
}

/** A comparison, with every slice it comes from. */
export interface ComparisonReport {
  readonly orgs: number;
  readonly leads: number;
  readonly connections: number;
  readonly sliceSeconds: number;
  readonly servers: readonly ServerFigures[];
  readonly rounds: Rounds;
}

/** The list at one size of the dataset. */
export interface SizePoint {
  readonly orgs: number;
  readonly leads: number;
  /** Mean time from a request's arrival at the leads service to its answer. */
  readonly handlerMs: number;
  /** Median over HTTP. */
  readonly httpP50Ms: number;
  /** The same for the hand-written server, as a control. */
  readonly bareP50Ms: number;
}

/** Events from commit to effect, per second. */
export interface EventsReport extends Measured {
  readonly orgs: number;
  /** Messages the raw publisher had under way at once. */
  readonly inFlight: number;
  readonly messageBytes: number;
  readonly sliceSeconds: number;
  /** At half of our median: events of a round, and each round's delays. */
  readonly half: {
    readonly perSecond: number;
    readonly events: number;
    readonly p50Ms: readonly number[];
    readonly p99Ms: readonly number[];
  };
}

/** Reservations per second. */
export interface ReservationsReport extends Measured {
  /** What called the function alone: a pgbench, or a loop of our own where there is none. */
  readonly reference: string;
  readonly wallets: number;
  readonly sliceSeconds: number;
}

/** Reservations that raced for more than there was. */
export interface RaceReport {
  readonly reservations: number;
  readonly connections: number;
  readonly orgs: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** How often each outcome came. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** How often the equations were checked while it went on. */
  readonly looks: number;
  /** Equations that did not hold, then or at the end. */
  readonly findings: number;
  /** Stars used above a cap, by the callers' own count. */
  readonly overspent: number;
  /** Stars by which the ledger and the callers' own count differ. */
  readonly drift: number;
}

/** How long a search of documents takes. */
export interface DocumentPoint {
  /** Of the organization that asks. */
  readonly passages: number;
  /** Mean time of a search within the service. */
  readonly handlerMs: number;
  readonly httpP50Ms: number;
}

/** What a turn of a chat takes beyond the time of its model. */
export interface TurnsReport {
  readonly turns: number;
  /** Chats at once. */
  readonly parallel: number;
  /** Calls of a tool in each turn. */
  readonly calls: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of all services, NATS and PostgreSQL, for a turn. */
  readonly cpuMs: number;
}

/** One promise of the issue, and what came of it. */
export interface PromiseReport {
  readonly text: string;
  readonly limit: string;
  readonly figure: string;
  readonly kept: boolean;
}

/** Everything a run found out; what was not measured is absent. */
export interface BenchReport {
  readonly takenAt: string;
  readonly quick: boolean;
  readonly machine: {
    readonly cores: number;
    readonly memoryGb: number;
    readonly platform: string;
    readonly node: string;
    readonly postgres: string;
  };
  list?: ComparisonReport;
  /** How often the gateway had to ask for a membership during the list comparison, from 0 to 1. */
  askedShare?: number;
  create?: ComparisonReport;
  growth?: { readonly small: SizePoint; readonly large: SizePoint };
  import?: {
    readonly rows: number;
    readonly seconds: number;
    readonly rowsPerSecond: number;
    readonly peakMb: Readonly<Record<string, number>>;
  };
  /** Among a hundred thousand passages, in an organization of few and in one of many. */
  documents?: readonly DocumentPoint[];
  turns?: TurnsReport;
  events?: EventsReport;
  reservations?: ReservationsReport;
  race?: RaceReport;
  idleMb?: Readonly<Record<string, number>>;
  start?: { readonly coldSeconds: number; readonly warmSeconds: number };
  promises: readonly PromiseReport[];
}
