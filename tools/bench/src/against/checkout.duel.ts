import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../measure/statistics.js';
import type { BenchReport } from '../report/bench.report.js';
import { ownFigures, type OwnFigures } from './own.figures.js';

/** How much worse than the other checkout is still as good. */
const TOLERANCE = 0.05;
const PROGRAM = 'tools/bench/dist/bench.js';

/** Both checkouts by one figure. */
export interface DuelResult {
  readonly name: string;
  /** Median, over the rounds, of ours divided by the other's in the same round. */
  readonly ratio: number;
  readonly rounds: readonly number[];
  /** Not more than a twentieth worse. */
  readonly kept: boolean;
}

/** What is compared, and how often. */
export interface DuelOptions {
  /** Arguments of the run that each checkout makes in each round. */
  readonly args: readonly string[];
  /** Services of this checkout that the other has not got: a service more is more work, whatever the code beside it. */
  readonly without: readonly string[];
  readonly rounds: number;
}

/**
 * Has this checkout and another one, which is built, run the same scenarios in turn, A B B A A B …, each with a
 * platform of its own that is gone before the next begins.
 *
 * @throws Error when the other checkout is not built, or a run ends without a report
 */
export async function duel(
  own: string,
  other: string,
  { args, without, rounds }: DuelOptions,
  report: (line: string) => void,
): Promise<DuelResult[]> {
  if (!existsSync(join(other, PROGRAM))) throw new Error(`${other} holds no built checkout: run its benchmark once.`);
  const figures: Record<'own' | 'other', OwnFigures[]> = { own: [], other: [] };
  for (let round = 1; round <= rounds; round++) {
    const order = [
      ['own', own],
      ['other', other],
    ] as const;
    for (const [who, folder] of round % 2 === 1 ? order : order.toReversed()) {
      report(`round ${round}/${rounds}: ${who === 'own' ? 'this checkout' : 'the other one'}`);
      const ending = who === 'own' && without.length > 0 ? ['--without', without.join(',')] : [];
      figures[who].push(ownFigures(await reportOf(folder, [...args, ...ending])));
    }
  }
  return results(figures.own, figures.other);
}

/** Compares what both said, round by round. */
export function results(own: readonly OwnFigures[], other: readonly OwnFigures[]): DuelResult[] {
  return Object.keys(own[0]?.perSecond ?? {}).map((name) =>
    resultOf(
      `${name}: per second`,
      own.map(({ perSecond }, round) => (perSecond[name] ?? NaN) / (other[round]?.perSecond[name] ?? NaN)),
      'more',
    ),
  );
}

/** @param better whether more of it is better, or less */
export function resultOf(name: string, rounds: readonly number[], better: 'more' | 'less'): DuelResult {
  const ratio = median(rounds);
  return { name, ratio, rounds, kept: better === 'more' ? ratio >= 1 - TOLERANCE : ratio <= 1 + TOLERANCE };
}

async function reportOf(folder: string, args: readonly string[]): Promise<BenchReport> {
  const out = await mkdtemp(join(tmpdir(), 'apollo-duel-'));
  const file = join(out, 'report.json');
  try {
    const child = spawn(process.execPath, [join(folder, PROGRAM), ...args, '--json', file], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    // It ends with an error when a promise is not kept; that is not asked here.
    return JSON.parse(await readFile(file, 'utf8')) as BenchReport;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
