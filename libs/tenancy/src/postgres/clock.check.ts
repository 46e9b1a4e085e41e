import type pg from 'pg';
import { type Clock, systemClock } from '../context/clock.js';
import { type PipelineStatement, runPipeline } from './pipeline.query.js';

/**
 * Milliseconds by which a process's clock may differ from its database's. Two processes differ by twice as much at most
 * then, which is less than what tokens allow.
 */
const LEEWAY_MS = 2_000;
const THERE: PipelineStatement = { text: 'select extract(epoch from clock_timestamp()) * 1000 as now' };

/** Thrown where a process's clock is not the database's: what it signs, and what it believes, is of another time. */
export class ClockError extends Error {
  constructor(aheadMs: number) {
    const seconds = Math.abs(aheadMs / 1_000).toFixed(1);
    super(`The clock of this process is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} the clock of its database`);
    this.name = 'ClockError';
  }
}

/** Compares the process's clock with the database's. @throws ClockError where they differ by more than two seconds */
export async function assertClock(client: pg.PoolClient, clock: Clock = systemClock): Promise<void> {
  const before = clock().getTime();
  const [answer] = await runPipeline(client, [THERE], 'I');
  assertSameTime(before, Number(answer?.rows[0]?.['now']), clock().getTime());
}

/**
 * @param before the process's clock before it asked, in milliseconds
 * @param there what the database's said
 * @param after the process's clock once it had the answer
 * @throws ClockError where the database cannot have said so between the two
 */
export function assertSameTime(before: number, there: number, after: number): void {
  if (before - there > LEEWAY_MS) throw new ClockError(before - there);
  if (there - after > LEEWAY_MS) throw new ClockError(after - there);
}
