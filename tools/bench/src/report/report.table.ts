import { type Measured, middleRate } from '../load/interleaved.rates.js';
import { median } from '../measure/statistics.js';
import type { DuelResult } from '../against/checkout.duel.js';
import type { BenchReport, ComparisonReport } from './bench.report.js';

/** Rows as aligned columns: the first to the left, the others to the right. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number),
        )
        .join('  '),
    )
    .join('\n');
}

function comparison(title: string, { servers, orgs, leads, connections }: ComparisonReport): string {
  const rows = servers.map((server) => [
    server.name,
    server.requestsPerSecond.toFixed(0),
    server.p50Ms.toFixed(1),
    server.p99Ms.toFixed(1),
    server.cpuMsPerRequest.toFixed(2),
  ]);
  const head = `${title} (${orgs.toLocaleString('en')} orgs, ${leads.toLocaleString('en')} leads, ${connections} connections)`;
  return `${head}\n${columns([['', 'req/s', 'p50 ms', 'p99 ms', 'CPU-ms/request'], ...rows])}`;
}

function speeds(title: string, { rates, costs }: Measured): string {
  return `${title}\n${columns([['', 'per second', 'CPU-ms each'], ...Object.keys(rates).map((name) => [name, middleRate(rates, name).toFixed(0), middleRate(costs, name).toFixed(2)])])}`;
}

/** What was measured about messages and money. */
function messagesAndMoney({ events, reservations, race }: BenchReport): string[] {
  const parts: string[] = [];
  if (events) {
    const { half } = events;
    parts.push(`${speeds(`Events (${events.orgs.toLocaleString('en')} orgs, ${events.messageBytes} bytes each)`, events)}
At ${half.perSecond.toFixed(0)} events/s: p50 ${median(half.p50Ms).toFixed(0)} ms, p99 ${median(half.p99Ms).toFixed(0)} ms`);
  }
  if (reservations) parts.push(speeds(`Reservations (the function alone: ${reservations.reference})`, reservations));
  if (race) {
    parts.push(`${race.reservations.toLocaleString('en')} raced reservations in ${race.seconds.toFixed(0)} s, ${race.perSecond.toFixed(0)}/s; equations checked ${race.looks} times meanwhile
${columns([['', 'reservations'], ...Object.entries(race.outcomes).map(([outcome, count]) => [outcome, String(count)])])}`);
  }
  return parts;
}

/** The report for a person at a terminal. */
export function reportTable(report: BenchReport): string {
  const parts: string[] = [];
  if (report.list) parts.push(comparison('20 newest leads of one organization', report.list));
  if (report.askedShare !== undefined)
    parts.push(`Ours asked for the membership in ${(report.askedShare * 100).toFixed(0)} % of its list requests`);
  if (report.create) parts.push(comparison('Create a lead', report.create));
  if (report.growth) {
    const rows = [report.growth.small, report.growth.large].map((point) => [
      `${point.orgs.toLocaleString('en')} orgs, ${point.leads.toLocaleString('en')} leads`,
      point.handlerMs.toFixed(2),
      point.httpP50Ms.toFixed(2),
      point.bareP50Ms.toFixed(2),
    ]);
    parts.push(
      `List time by size\n${columns([['', 'in the service, ms', 'over HTTP p50, ms', 'bare pg p50, ms'], ...rows])}`,
    );
  }
  if (report.documents) {
    const rows = report.documents.map(({ passages, handlerMs, httpP50Ms }) => [
      `${passages.toLocaleString('en')} passages`,
      handlerMs.toFixed(2),
      httpP50Ms.toFixed(2),
    ]);
    parts.push(`Ten passages that fit best\n${columns([['', 'in the service, ms', 'over HTTP p50, ms'], ...rows])}`);
  }
  if (report.turns) {
    const { turns, parallel, calls, p50Ms, p99Ms, cpuMs } = report.turns;
    parts.push(
      `${turns} turns of chats, ${parallel} at once, ${calls} calls of tools each: p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms beyond the model, ${cpuMs.toFixed(0)} CPU-ms each`,
    );
  }
  parts.push(...messagesAndMoney(report));
  if (report.start)
    parts.push(
      `npm start: ${report.start.coldSeconds.toFixed(1)} s with an empty folder, ${report.start.warmSeconds.toFixed(1)} s after that`,
    );
  parts.push(
    `Promises\n${columns([['', 'promised', 'measured', ''], ...report.promises.map(({ text, limit, figure, kept }) => [text, limit, figure, kept ? 'kept' : 'NOT KEPT'])])}`,
  );
  return parts.join('\n\n');
}

/** This checkout to the other one, a line for each figure. */
export function duelTable(results: readonly DuelResult[]): string {
  const rows = results.map(({ name, ratio, rounds, kept }) => [
    name,
    `${ratio.toFixed(2)}×`,
    rounds.map((round) => round.toFixed(2)).join(' '),
    kept ? 'as good' : 'worse',
  ]);
  return columns([['this checkout to the other', 'median', 'each round', ''], ...rows]);
}
