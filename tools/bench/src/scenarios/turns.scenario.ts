import type { HttpClient } from '@apollo/dev';
import { BenchPerson } from '../dataset/bench.person.js';
import { billingDatabase, openWallets } from '../dataset/wallets.dataset.js';
import { cpuMs } from '../measure/process.usage.js';
import { percentile } from '../measure/statistics.js';
import { CALLS_OF_TURN, THINKS_MS } from '../peers/model.server.js';
import type { TurnsReport } from '../report/bench.report.js';
import type { BenchField } from '../servers/bench.field.js';
import { BENCH_MODEL } from '../servers/our.platform.js';

/** Turns of a chat that go on at once, each in an organization of its own. */
const PARALLEL = 20;
/** Whose they are: a person has so many streams open at most. */
const PEOPLE = 4;
/** Turns of each before what counts: code is loaded, plans are made. */
const WARM_UP = 2;
const PLENTY = 1_000_000_000;

interface Chat {
  /** Of the organization. */
  readonly at: string;
  readonly messages: string;
  readonly persona_id: unknown;
  readonly person: BenchPerson;
  readonly client: HttpClient;
}

/**
 * Times turns of chats as a client has them, from what is posted to the end of the stream, beyond what the model takes:
 * in each it has a tool used some times before it answers.
 *
 * @param turns of each chat
 */
export async function timeTurns(
  field: BenchField,
  turns: number,
  report: (line: string) => void,
): Promise<TurnsReport> {
  const { running } = field.ours.platform;
  const database = billingDatabase(field.ours, 1);
  const chatsOf = async (person: BenchPerson): Promise<Chat[]> => {
    const orgs = await field.orgsBeside(PARALLEL / PEOPLE, person);
    const ids = orgs.map(({ id }) => id);
    await openWallets(database, ids, { stars: PLENTY, caps: { agent_day: PLENTY } });
    const client = await person.client();
    return Promise.all(orgs.map(({ slug }) => chatIn(`/v1/orgs/${slug}`, person, client)));
  };
  const people = await Promise.all(Array.from({ length: PEOPLE }, () => BenchPerson.make(running)));
  const chats: Chat[] = [];
  for (const person of people) chats.push(...(await chatsOf(person)));
  await database.close();
  const turn = async ({ at, messages, persona_id, person, client }: Chat): Promise<number> => {
    const begun = performance.now();
    const { id } = await client.post(messages, { persona_id, text: 'Count them.' });
    const stream = await fetch(new URL(`${at}/runs/${String(id)}/stream`, running.gateway), {
      headers: person.headers(),
    });
    const parts = await stream.text();
    if (!parts.includes('"Counted."')) throw new Error(`a turn came to ${parts.slice(-500)}`);
    return performance.now() - begun - (CALLS_OF_TURN + 1) * THINKS_MS;
  };
  const chatted = async (count: number): Promise<number[]> => {
    const all = chats.map(async (chat) => {
      const took: number[] = [];
      while (took.length < count) took.push(await turn(chat));
      return took;
    });
    return (await Promise.all(all)).flat();
  };
  await chatted(WARM_UP);
  const pids = [...field.ours.pids, field.ours.postgresPid];
  const before = cpuMs(pids);
  const overheads = (await chatted(turns)).sort((a, b) => a - b);
  const spent = cpuMs(pids) - before;
  const measured = {
    turns: overheads.length,
    parallel: PARALLEL,
    calls: CALLS_OF_TURN,
    p50Ms: percentile(overheads, 50),
    p99Ms: percentile(overheads, 99),
    cpuMs: spent / overheads.length,
  };
  report(
    `${measured.turns} turns: p50 ${measured.p50Ms.toFixed(0)} ms, p99 ${measured.p99Ms.toFixed(0)} ms beyond the model`,
  );
  return measured;
}

async function chatIn(at: string, person: BenchPerson, client: HttpClient): Promise<Chat> {
  const persona = { name: 'Bench', instructions: 'Count.', tools: ['count_leads'], model: BENCH_MODEL };
  const { id: persona_id } = await client.post(`${at}/personas`, persona);
  const { id } = await client.post(`${at}/conversations`, {});
  return { at, messages: `${at}/conversations/${String(id)}/messages`, persona_id, person, client };
}
