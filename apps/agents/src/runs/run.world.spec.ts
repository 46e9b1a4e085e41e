import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import {
  agentsMessages,
  CATALOG,
  type Contract,
  CreateConversation,
  GetRun,
  type orgsMessages,
  PostMessage,
  type RequestContract,
} from '@apollo/contracts';
import { type Envelope } from '@apollo/messaging';
import { type RunningService, startService } from '@apollo/service-kit';
import { type TestOrg, testOrgs, type TestPeer, testPeer, testServiceConfig, until } from '@apollo/testing';
import { newId } from '@apollo/tenancy';
import { AgentsModule } from '../agents.module.js';
import { agentsSchema } from '../agents.schema.js';
import { type AgentsWorld, agentsWorld } from '../agents.world.spec.js';
import { ModelSource } from '../model/model.source.js';

/** What a scripted model answers with. */
export type ModelParts = (asked: {
  /** Calls of the model in this run so far, from 0. */
  readonly nth: number;
  readonly prompt: unknown;
  readonly model: string;
  readonly signal: AbortSignal | undefined;
}) => AsyncGenerator<unknown>;

export interface Heard {
  readonly method: string;
  readonly payload: Record<string, unknown>;
  readonly envelope: Envelope;
}

const finish = (unified: string, tokens = 10) => ({
  type: 'finish',
  finishReason: { unified, raw: unified },
  usage: {
    inputTokens: { total: tokens, noCache: tokens, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: tokens, text: tokens, reasoning: 0 },
  },
});

/** Parts of an answer in words. */
export const words = (text: string, tokens?: number) => [
  { type: 'text-start', id: '0' },
  { type: 'text-delta', id: '0', delta: text },
  { type: 'text-end', id: '0' },
  finish('stop', tokens),
];

/** Parts of an answer that calls tools; all calls have one id, as a model may say. */
export const calls = (...made: readonly (readonly [name: string, input: unknown])[]) => [
  ...made.map(([toolName, input]) => ({
    type: 'tool-call',
    toolCallId: 'the-same',
    toolName,
    input: typeof input === 'string' ? input : JSON.stringify(input),
  })),
  finish('tool-calls'),
];

/**
 * The agents service with a model that says what a spec has it say, and with services beside it that write down what
 * they were asked, by whom and for whom.
 */
export class RunWorld extends ModelSource {
  agents!: AgentsWorld;
  /** What leads was asked, and what it answers with. */
  readonly heard: Heard[] = [];
  leads: (heard: Heard) => object | Promise<object> = () => ({});
  standing: (org: string, person: string) => orgsMessages.Standing = () => ({ status: 'active', role: 'owner' });
  /** Stars that each organization has; holds by their keys; what was settled, by the hold. */
  readonly free = new Map<string, number>();
  readonly holds = new Map<string, { id: string; org: string; stars: number }>();
  readonly settled = new Map<string, number[]>();
  /** Models that are asked instead of the persona's. */
  fallback: string[] = [];
  parts: ModelParts = async function* () {
    yield* words('Done.');
  };
  private readonly peers: TestPeer[] = [];
  private readonly asked = new Map<string, number>();

  /** @param models instead of its own */
  static async start(models?: ModelSource): Promise<RunWorld> {
    const world = new RunWorld();
    world.peers.push(await testOrgs((org, person) => world.standing(org, person)));
    await world.answer('leads', (heard) => world.leads(heard));
    await world.answer('billing-stars', (heard) => world.bill(heard));
    world.agents = await agentsWorld(undefined, models ?? world);
    return world;
  }

  get names(): string[] {
    return [agentsMessages.DEFAULT_MODEL, ...this.fallback];
  }

  others(): readonly string[] {
    return this.fallback;
  }

  find(name: string): Promise<LanguageModelV4 | undefined> {
    if (!this.names.includes(name)) return Promise.resolve(undefined);
    return Promise.resolve({
      specificationVersion: 'v4',
      provider: 'scripted',
      modelId: name,
      supportedUrls: {},
      doGenerate: () => Promise.reject(new Error('Nobody asks so.')),
      doStream: ({ prompt, abortSignal }) => {
        const about = JSON.stringify(prompt.find(({ role }) => role === 'user'));
        const nth = this.asked.get(about) ?? 0;
        this.asked.set(about, nth + 1);
        const parts = this.parts({ nth, prompt, model: name, signal: abortSignal });
        return Promise.resolve({ stream: ReadableStream.from(parts) as ReadableStream<LanguageModelV4StreamPart> });
      },
    });
  }

  /** A persona with these tools. */
  persona(org: TestOrg, tools: string[]) {
    return this.agents.persona(org, { name: `P ${newId()}`, tools });
  }

  /** Says something to a persona, in a conversation of its own unless one is named. */
  async post(org: TestOrg, persona_id: string, conversation?: string, text = `say ${newId()}`) {
    this.free.set(org.id, this.free.get(org.id) ?? 100);
    const conversation_id = conversation ?? (await this.agents.ask(org, CreateConversation, {})).id;
    return this.agents.ask(org, PostMessage, { conversation_id, persona_id, text }, { signOuts: 0 });
  }

  trace(org: TestOrg, id: string) {
    return this.agents.ask(org, GetRun, { id, limit: 200 });
  }

  async ended(org: TestOrg, id: string): Promise<agentsMessages.RunTrace> {
    await until(async () => !['queued', 'running'].includes((await this.trace(org, id)).state));
    return this.trace(org, id);
  }

  /** Posts, and waits for the end. */
  async run(org: TestOrg, tools: string[]): Promise<agentsMessages.RunTrace> {
    const { id } = await this.post(org, (await this.persona(org, tools)).id);
    return this.ended(org, id);
  }

  /** One more process of the service, over the same database. */
  another(): Promise<RunningService> {
    return startService({
      name: 'agents',
      schema: agentsSchema,
      config: testServiceConfig('agents', this.agents.test),
      module: AgentsModule.over(this, this.agents.test.tagKey),
    });
  }

  /** What is done where a process that works on a run has not been heard of for half a minute. */
  async fellSilent(run: string): Promise<void> {
    const { test } = this.agents;
    await test.admin('update agents.jobs set lease = null where id = $1', [run]);
    await test.admin('update agents.due_jobs set due_at = now() where job_id = $1', [run]);
  }

  async stop(): Promise<void> {
    await this.agents.stop();
    for (const peer of this.peers) await peer.close();
  }

  private async answer(service: 'leads' | 'billing-stars', answer: (heard: Heard) => object | Promise<object>) {
    const peer = await testPeer(service);
    peer.connection.subscribe(`rpc.*.${service}.>`, {
      queue: service,
      callback: (_error, message) => {
        const type = message.subject.split('.').slice(2).join('.');
        const contract = CATALOG.get(type) as Contract as RequestContract;
        const envelope = peer.keys.reader.read(contract, message.subject, message.headers, Date.now());
        const heard = { method: contract.method, payload: message.json<Record<string, unknown>>(), envelope };
        if (service === 'leads') this.heard.push(heard);
        void Promise.resolve(answer(heard)).then((body) => peer.answer(message, body));
      },
    });
    await peer.connection.flush();
    this.peers.push(peer);
  }

  private bill({ method, payload, envelope }: Heard): object {
    const org = String(envelope.context.orgId);
    if (method === 'get-price-list')
      return {
        price_version: 1,
        starts_on: '2026-01-01',
        items: [{ action: 'agent.step', unit: 'step', stars: 1 }],
        next: null,
      };
    if (method === 'reserve') return this.reserve(org, String(payload['key']), Number(payload['stars']));
    const hold = String(payload['hold_id']);
    this.settled.set(hold, [...(this.settled.get(hold) ?? []), Number(payload['stars'])]);
    return { id: hold, state: 'settled', stars: 1 };
  }

  private reserve(org: string, key: string, stars: number): object {
    const free = this.free.get(org) ?? 0;
    const known = this.holds.get(`${org} ${key}`);
    const rest = { from_monthly: 0, from_package: 0, expires_at: null, cap: null, used: null, raised_by: [] };
    if (!known && free < stars)
      return { outcome: 'refused', hold_id: null, ...rest, refused_by: 'agent_day', reason: 'cap', cap: 3, used: 3 };
    const hold = known ?? { id: newId(), org, stars };
    if (!known) this.free.set(org, free - stars);
    this.holds.set(`${org} ${key}`, hold);
    return { outcome: 'reserved', hold_id: hold.id, ...rest, refused_by: null, reason: null };
  }
}
