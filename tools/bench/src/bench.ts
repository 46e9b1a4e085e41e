import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SERVICES } from '@apollo/operate';
import { type BenchArguments, benchArguments, USAGE } from './bench.arguments.js';
import { machineOf } from './measure/machine.js';
import { benchmarksChart } from './report/benchmarks.chart.js';
import { benchmarksPage } from './report/benchmarks.page.js';
import type { BenchReport } from './report/bench.report.js';
import { promisesOf } from './report/promises.js';
import { duelTable, reportTable } from './report/report.table.js';
import { askedShare, compare } from './scenarios/comparison.scenario.js';
import { timeSearches } from './scenarios/documents.scenario.js';
import { measureEvents } from './scenarios/events.scenario.js';
import { timeLists } from './scenarios/growth.scenario.js';
import { idleMemory } from './scenarios/idle.scenario.js';
import { importFile } from './scenarios/import.scenario.js';
import { raceReservations } from './scenarios/race.scenario.js';
import { measureReservations } from './scenarios/reserve.scenario.js';
import { timeStart } from './scenarios/start.scenario.js';
import { timeTurns } from './scenarios/turns.scenario.js';
import { BenchField } from './servers/bench.field.js';
import { duel, type DuelResult } from './against/checkout.duel.js';
import { type RequestScenario, sideBySide } from './against/side.by.side.js';

const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
/** Of its own, made afresh for every run. */
const FOLDER = join(REPOSITORY, '.apollo', 'bench');

/** How long and on how much, by thoroughness. */
const FULL = {
  rounds: 5,
  sliceSeconds: 10,
  growthRounds: 5,
  largest: 10_000,
  importRows: 100_000,
  turns: 20,
  eventOrgs: 5_000,
  raced: 1_000_000,
};
const QUICK = {
  rounds: 2,
  sliceSeconds: 2,
  growthRounds: 1,
  largest: 2_000,
  importRows: 20_000,
  turns: 5,
  eventOrgs: 1_000,
  raced: 20_000,
};
/** A burst of events is over within a second or two: so many of them, in a short run as well. */
const EVENT_ROUNDS = 6;
/** What needs organizations with leads. */
const ABOUT_ORGANIZATIONS = ['list', 'create', 'growth', 'import', 'documents'] as const;
/** Of each of a thousand organizations, and of the last one: a hundred thousand in all. */
const PASSAGES = { few: 90, many: 10_000 };
const CONNECTIONS = 16;
/** Of requests of two checkouts: short slices, and several of them in each round. */
const DUEL_SLICE_SECONDS = 3;
const DUEL_SLICES = 4;
/** So that no request waits for another, or shares the processors with it. */
const CALM_CONNECTIONS = 1;

async function run({ quick, only, without }: BenchArguments): Promise<BenchReport> {
  const size = quick ? QUICK : FULL;
  const wanted = new Set(only);
  const takenAt = new Date().toISOString();
  await rm(FOLDER, { recursive: true, force: true });
  if (wanted.has('start')) say('npm start, in an empty folder and again');
  const start = wanted.has('start') ? await timeStart(REPOSITORY, FOLDER) : undefined;
  say('Starting ours and its peers');
  const field = await BenchField.prepare(FOLDER, wanted.has('events'), detail);
  const measured: Omit<BenchReport, 'promises'> = {
    takenAt,
    quick,
    machine: machineOf(await field.postgresVersion()),
    start,
  };
  try {
    await field.ours.end(without);
    await measure(field, measured, size, wanted);
    await measureMessagesAndMoney(field, measured, size, wanted);
  } finally {
    say('Stopping');
    await field.stop();
    await rm(FOLDER, { recursive: true, force: true });
  }
  return { ...measured, promises: promisesOf(measured) };
}

async function measure(
  field: BenchField,
  measured: Omit<BenchReport, 'promises'>,
  size: typeof FULL,
  wanted: ReadonlySet<string>,
): Promise<void> {
  const pace = { connections: CONNECTIONS, sliceSeconds: size.sliceSeconds, rounds: size.rounds };
  const calm = { connections: CALM_CONNECTIONS, sliceSeconds: size.sliceSeconds, rounds: size.growthRounds };
  if (wanted.has('idle')) {
    say('Memory while idle');
    measured.idleMb = await idleMemory(field.ours);
  }
  if (!ABOUT_ORGANIZATIONS.some((scenario) => wanted.has(scenario))) return;
  say('10 organizations with 1,000 leads each');
  await field.grow(10, 1_000);
  if (wanted.has('list') || wanted.has('create') || wanted.has('documents')) {
    say('1,000 organizations');
    await field.grow(1_000, 100);
  }
  if (wanted.has('list')) {
    say('20 newest leads of one organization');
    const { result, share } = await askedShare(field, () => compare(field, field.listers(), pace, detail));
    measured.list = result;
    measured.askedShare = share;
  }
  if (wanted.has('create')) {
    say('Create a lead');
    measured.create = await compare(field, field.creators(), pace, detail);
  }
  if (wanted.has('import')) {
    say(`Import ${size.importRows} rows`);
    measured.import = await importFile(field, size.importRows);
  }
  if (wanted.has('documents')) {
    say(`${PASSAGES.few} passages in each organization, ${PASSAGES.many.toLocaleString('en')} in one`);
    measured.documents = await timeSearches(field, PASSAGES, calm, detail);
  }
  if (wanted.has('growth')) {
    say(`${size.largest} organizations with 100 leads each, and a second platform with 10 of 1,000 leads`);
    await field.grow(size.largest, 100);
    const small = await BenchField.prepare(join(FOLDER, 'small'), false, detail);
    try {
      await small.grow(10, 1_000);
      measured.growth = await timeLists(small, field, calm, detail);
    } finally {
      await small.stop();
    }
  }
}

async function measureMessagesAndMoney(
  field: BenchField,
  measured: Omit<BenchReport, 'promises'>,
  size: typeof FULL,
  wanted: ReadonlySet<string>,
): Promise<void> {
  if (wanted.has('turns')) {
    say('Turns of chats');
    measured.turns = await timeTurns(field, size.turns, detail);
  }
  if (wanted.has('events')) {
    say('Events, from commit to effect');
    measured.events = await measureEvents(field.ours, { ...size, rounds: EVENT_ROUNDS }, detail);
  }
  if (wanted.has('reserve')) {
    say('Reservations');
    measured.reservations = await measureReservations(field, size, detail);
  }
  if (wanted.has('race')) {
    say(`${size.raced} raced reservations`);
    measured.race = await raceReservations(field.ours, size.raced, detail);
  }
}

async function main(): Promise<number> {
  let wanted: BenchArguments;
  try {
    wanted = benchArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  if (wanted.against !== undefined) return compareWith(resolve(wanted.against), wanted);
  const report = await run(wanted);
  console.log(`\n${reportTable(report)}`);
  if (wanted.json !== undefined) await writeFile(wanted.json, `${JSON.stringify(report, undefined, 2)}\n`);
  if (wanted.docs) {
    await mkdir(join(REPOSITORY, 'docs'), { recursive: true });
    await writeFile(join(REPOSITORY, 'docs/benchmarks.svg'), benchmarksChart(report));
    await writeFile(join(REPOSITORY, 'docs/benchmarks.md'), benchmarksPage(report));
  }
  return report.promises.every(({ kept }) => kept) ? 0 : 1;
}

async function compareWith(other: string, { quick, only, rounds }: BenchArguments): Promise<number> {
  const requests = only.filter((scenario) => scenario === 'list' || scenario === 'create');
  const without = SERVICES.map(({ name }) => name).filter((name) => !existsSync(join(other, 'apps', name)));
  if (without.length > 0) say(`without ${without.join(', ')}, which the other checkout has not got`);
  const rest = only.filter((scenario) => !requests.some((each) => each === scenario));
  const results = [
    ...(requests.length > 0 ? await compareRequests(other, { requests, without, quick, rounds }) : []),
    ...(rest.length > 0
      ? await duel(
          REPOSITORY,
          other,
          { args: ['--only', rest.join(','), ...(quick ? ['--quick'] : [])], without, rounds },
          say,
        )
      : []),
  ];
  console.log(`\n${duelTable(results)}`);
  return results.every(({ kept }) => kept) ? 0 : 1;
}

interface RequestComparison {
  readonly requests: readonly RequestScenario[];
  readonly without: readonly string[];
  readonly quick: boolean;
  readonly rounds: number;
}

async function compareRequests(
  other: string,
  { requests: scenarios, without, quick, rounds }: RequestComparison,
): Promise<DuelResult[]> {
  await rm(FOLDER, { recursive: true, force: true });
  const field = await BenchField.prepare(join(FOLDER, 'own'), false, detail);
  const pace = { connections: CONNECTIONS, sliceSeconds: DUEL_SLICE_SECONDS, rounds: rounds * DUEL_SLICES };
  const size = { orgs: quick ? 100 : 1_000, leadsPerOrg: 100 };
  try {
    await field.ours.end(without);
    return await sideBySide(field, other, join(FOLDER, 'other'), { scenarios, ...size, pace }, detail);
  } finally {
    await field.stop();
    await rm(FOLDER, { recursive: true, force: true });
  }
}

function say(line: string): void {
  console.log(`› ${line}`);
}

function detail(line: string): void {
  console.log(`  ${line}`);
}

process.exitCode = await main();
process.exit();
