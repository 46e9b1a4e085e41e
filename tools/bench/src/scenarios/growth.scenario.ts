import { interleave, middle, type Pace } from '../load/interleaved.rounds.js';
import type { SizePoint } from '../report/bench.report.js';
import { type BenchField, NAMES } from '../servers/bench.field.js';

interface Handled {
  readonly messages: number;
  readonly milliseconds: number;
}

/** What the leads service itself counted about its lists so far, over all organizations. */
async function handledLists(field: BenchField): Promise<Handled> {
  const text = await (await fetch(`${field.ours.platform.running.health['leads']}/metrics`)).text();
  const sum = (metric: string): number => text.split('\n')
    .filter((line) => line.startsWith(`${metric}{`) && line.includes('type="leads.list-leads.v1"'))
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
  return { messages: sum('apollo_messages_total'), milliseconds: sum('apollo_message_milliseconds_total') };
}

/** Times the list at the present size of the dataset, with few enough connections that nothing queues. */
export async function timeLists(field: BenchField, pace: Pace, report: (line: string) => void): Promise<SizePoint> {
  const contestants = field.listers().filter(({ name }) => name === NAMES.barePg || name === NAMES.ours);
  const before = await handledLists(field);
  const rounds = await interleave(contestants, pace, report, () => field.person.renew());
  const after = await handledLists(field);
  return {
    orgs: field.orgs.length, leads: await field.leadCount(),
    handlerMs: (after.milliseconds - before.milliseconds) / (after.messages - before.messages),
    httpP50Ms: middle(rounds[NAMES.ours] ?? [], 'p50Ms'), bareP50Ms: middle(rounds[NAMES.barePg] ?? [], 'p50Ms'),
  };
}
