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
  readonly machine: { readonly cores: number; readonly memoryGb: number; readonly platform: string; readonly node: string; readonly postgres: string };
  list?: ComparisonReport;
  /** How often the gateway had to ask for a membership during the list comparison, from 0 to 1. */
  askedShare?: number;
  create?: ComparisonReport;
  growth?: { readonly small: SizePoint; readonly large: SizePoint };
  import?: { readonly rows: number; readonly seconds: number; readonly rowsPerSecond: number; readonly peakMb: Readonly<Record<string, number>> };
  idleMb?: Readonly<Record<string, number>>;
  start?: { readonly coldSeconds: number; readonly warmSeconds: number };
  promises: readonly PromiseReport[];
}
