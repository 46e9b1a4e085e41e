import type { BenchReport, ComparisonReport, PromiseReport } from './bench.report.js';
import { table } from './markdown.table.js';
import { moneySections } from './money.sections.js';

function comparison({ servers, orgs, leads, connections, sliceSeconds, rounds }: ComparisonReport): string {
  const count = Object.values(rounds)[0]?.length ?? 0;
  const rows = servers.map((server) => [
    server.name,
    server.requestsPerSecond.toFixed(0),
    server.p50Ms.toFixed(1),
    server.p99Ms.toFixed(1),
    server.cpuMsPerRequest.toFixed(2),
  ]);
  return `${orgs.toLocaleString('en')} organizations, ${leads.toLocaleString('en')} leads, a random organization per request, ${connections} connections; medians of ${count} interleaved slices of ${sliceSeconds} s.

${table(['server', 'req/s', 'p50 ms', 'p99 ms', 'CPU-ms per request'], rows)}`;
}

/** The gateway believes a membership for five seconds at most: a slower machine asks for a larger share. */
function memberships({ askedShare }: BenchReport): string {
  if (askedShare === undefined) return '';
  return `\n\nOurs had to ask for the membership in ${(askedShare * 100).toFixed(0)} % of its requests: an answer is believed for five seconds at most, and the requests go to all organizations evenly, which is the worst case.`;
}

/** One sentence per promise that this run did not keep. */
function shortfalls(promises: readonly PromiseReport[]): string {
  const missed = promises.filter(({ kept }) => !kept);
  if (missed.length === 0) return 'Every promise was kept in this run.';
  return missed
    .map(({ text, limit, figure }) => `**Not kept:** ${text}: promised ${limit}, measured ${figure}.`)
    .join('\n\n');
}

/** `docs/benchmarks.md`, from a report. */
export function benchmarksPage(report: BenchReport): string {
  const { machine } = report;
  const parts = [
    `# Benchmarks

Written by \`npm run bench -- --docs\`; do not edit. Taken on ${report.takenAt.slice(0, 10)} on ${machine.cores} cores, ${machine.memoryGb} GB of memory (${machine.platform}), Node ${machine.node}, PostgreSQL ${machine.postgres}; the load generator ran on the same cores.${report.quick ? ' **A quick run: to see that it works, not to quote.**' : ''}

Throughput and latency depend on the machine, ratios much less: each comparison is made in one run, its servers driven in turn, A B C D A B C D …, and a ratio is the median of the ratios of each round. CPU is user and system time of *every* process of a server, PostgreSQL and NATS included. \`npm run bench -- --against FOLDER\` has another checkout, built, run in turn with this one and says by what each figure of ours changed.

![CPU per request of each server](benchmarks.svg)`,
    `## Promises

${table(
  ['promise', 'promised', 'measured', ''],
  report.promises.map(({ text, limit, figure, kept }) => [text, limit, figure, kept ? 'kept' : '**not kept**']),
)}

${shortfalls(report.promises)}`,
    `## Who is compared

* **bare Fastify + pg**: one process, hand-written: pool, prepared statements, \`begin\`, the signed tag, the query,
* \`commit\`. Same table, same role, same policy. No sign-in, no membership, no validation. **stock Nest + NATS +
* MikroORM**: Nest's Fastify gateway, Nest's own NATS transport, MikroORM's \`find\` with its session context. No
* sign-in either. **floor**: the shape of ours without a check in it: bare Fastify, one muxed NATS request with the
* headers of our envelope, a bare subscriber with the query of the first. **Apollo Space**: gateway, identity, orgs,
* leads, with everything on: access token, session, membership by slug, rate limits, validation on both sides, signed
* envelope, permission check, metrics.

The sources are in \`tools/bench/src/peers\`.`,
  ];
  if (report.list)
    parts.push(`## 20 newest leads of one organization\n\n${comparison(report.list)}${memberships(report)}`);
  if (report.create) {
    parts.push(
      `## Create a lead\n\n${comparison(report.create)}\n\nBoth write the lead, its first activity, an entry of the hash-chained audit log and the idempotency row, in one transaction that is on the disk before the answer.`,
    );
  }
  if (report.growth) {
    const rows = [report.growth.small, report.growth.large].map((point) => [
      `${point.orgs.toLocaleString('en')} / ${point.leads.toLocaleString('en')}`,
      point.handlerMs.toFixed(2),
      point.httpP50Ms.toFixed(2),
      point.bareP50Ms.toFixed(2),
    ]);
    parts.push(`## From small to large

The same list on two platforms, driven in turn, one request at a time. "In the service" is the mean from a message's arrival at the leads service to its answer, as the service's own metrics count it; over HTTP, more organizations also mean that the gateway has to ask for memberships more often.

${table(['organizations / leads', 'in the service, ms', 'over HTTP, p50 ms', 'bare pg, p50 ms'], rows)}`);
  }
  if (report.documents) {
    const rows = report.documents.map(({ passages, handlerMs, httpP50Ms }) => [
      passages.toLocaleString('en'),
      handlerMs.toFixed(2),
      httpP50Ms.toFixed(2),
    ]);
    parts.push(`## Search in documents

The ten passages that fit two words best, among a hundred thousand passages of a thousand organizations, one request at a time.

${table(['passages of the organization', 'in the service, ms', 'over HTTP, p50 ms'], rows)}`);
  }
  if (report.turns) {
    const { turns, parallel, calls, p50Ms, p99Ms, cpuMs } = report.turns;
    parts.push(`## Chats

${turns} turns, ${parallel} at once, each in an organization of its own: a person says something, a model behind an endpoint is asked ${calls + 1} times and takes 300 ms each time, ${calls} tools are used, all of it is streamed. From what is posted to the end of the stream, beyond the model's time: p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms; ${cpuMs.toFixed(0)} CPU-ms a turn, of all services, NATS and PostgreSQL.`);
  }
  if (report.import) {
    parts.push(`## Import

${report.import.rows.toLocaleString('en')} rows in one CSV file over HTTP, from the first byte sent to the last row in place: ${report.import.seconds.toFixed(1)} s.`);
  }
  parts.push(...moneySections(report));
  if (report.start)
    parts.push(
      `## Start\n\n\`npm start\` until ready: ${report.start.coldSeconds.toFixed(1)} s with nothing there yet (database made, demo seeded), ${report.start.warmSeconds.toFixed(1)} s after that.`,
    );
  return `${parts.join('\n\n')}\n`;
}
