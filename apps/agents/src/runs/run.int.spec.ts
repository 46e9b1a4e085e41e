import { setTimeout as sleep } from 'node:timers/promises';
import { CancelRun, GetConversation, GetPersona, ListFacts, PostMessage, UpdatePersona } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { type TestOrg, twoOrgs, until } from '@apollo/testing';
import { RUNS_AT_ONCE } from './run.limits.js';
import { calls, RunWorld, words } from './run.world.spec.js';

describe('a run', () => {
  let world: RunWorld;
  let a: TestOrg;
  let b: TestOrg;
  beforeAll(async () => {
    world = await RunWorld.start();
  });
  afterAll(() => world.stop());
  beforeEach(() => {
    [a, b] = twoOrgs();
    world.heard.length = 0;
    world.leads = () => ({ total: 3, stages: [], items: [], next_cursor: null });
    world.standing = () => ({ status: 'active', role: 'owner' });
  });

  const kinds = (trace: { items: { kind: string }[] }) => trace.items.map(({ kind }) => kind);
  const script = (...answers: unknown[][]) => {
    world.parts = async function* ({ nth }) {
      yield* answers[Math.min(nth, answers.length - 1)] ?? [];
    };
  };

  it('asks, holds, answers, settles and uses tools, each written down, for the person within one organization', async () => {
    script(calls(['count_leads', {}]), words('Three.'));
    const trace = await world.run(a, ['count_leads']);
    expect(trace).toMatchObject({ state: 'done', answer: 'Three.', stars: 2, asked_by: a.owner });
    const step = ['asked', 'reserved', 'answered', 'settled'];
    expect(kinds(trace)).toEqual([...step, 'called', 'returned', ...step]);
    const [heard] = world.heard;
    expect(heard?.envelope.context).toMatchObject({ orgId: a.id, actor: a.owner });
    expect(heard?.envelope.acting).toMatchObject({ service: 'agents', run: trace.id, person: a.owner });
    expect(heard?.envelope.idempotencyKey).toBe(`${trace.id}/1.0`);
    expect([...world.settled.values()].every((all) => all.length === 1)).toBe(true);
  });

  it('uses no tool that its persona has not, in the version under which it began, whatever a model says', async () => {
    script(calls(['add_note', { lead_id: newId(), text: 'x' }], ['no_tool', {}]), words('No.'));
    const trace = await world.run(a, ['count_leads']);
    expect(trace.items.filter(({ kind }) => kind === 'returned')).toMatchObject([
      { succeeded: false, result: 'There is no such tool.' },
      { succeeded: false, result: 'There is no such tool.' },
    ]);
    expect(world.heard).toEqual([]);
    const persona = await world.persona(a, ['count_leads']);
    const gate = Promise.withResolvers<void>();
    world.parts = async function* ({ nth }) {
      if (nth === 0) await gate.promise;
      yield* nth === 0 ? calls(['list_pipelines', {}]) : words('No.');
    };
    const { id } = await world.post(a, persona.id);
    await until(async () => kinds(await world.trace(a, id)).includes('reserved'));
    await world.agents.ask(a, UpdatePersona, { id: persona.id, tools: ['list_pipelines'] });
    gate.resolve();
    expect(await world.ended(a, id)).toMatchObject({ persona_version: 1, state: 'done' });
    expect(world.heard).toEqual([]);
  });

  it('tells a model of arguments that cannot be used, and of more calls than may be made, and does no more', async () => {
    const note = ['add_note', { lead_id: newId(), text: 'x' }] as const;
    script(
      calls(
        ['add_note', 'not json'],
        ['add_note', { lead_id: 1 }],
        ['add_note', { lead_id: newId(), text: 'x', org: b.id }],
      ),
      calls(...Array.from({ length: 12 }, () => note)),
      words('Done.'),
    );
    const trace = await world.run(a, ['add_note']);
    const returned = trace.items.filter(({ kind }) => kind === 'returned');
    expect(returned.filter(({ step }) => step === 1).map(({ succeeded }) => succeeded)).toEqual([false, false, false]);
    expect(returned.filter(({ step, succeeded }) => step === 2 && succeeded)).toHaveLength(8);
    const keys = world.heard.map(({ envelope }) => envelope.idempotencyKey);
    expect(keys).toEqual(Array.from({ length: 8 }, (_, index) => `${trace.id}/2.${index}`));
  });

  it('ends at the cap with the layer that refused, and spends nothing beyond it', async () => {
    world.free.set(a.id, 3);
    script(calls(['count_leads', {}]));
    const trace = await world.run(a, ['count_leads']);
    expect(trace).toMatchObject({ state: 'failed', failure: 'stars_refused', refused_by: 'agent_day', stars: 3 });
    expect(trace.answer).toContain('daily cap');
    expect(trace.items.at(-1)).toMatchObject({ kind: 'refused', refused_by: 'agent_day' });
    expect(world.free.get(a.id)).toBe(0);
  });

  it('ends after twenty steps where a model never comes to an end', async () => {
    script(calls(['count_leads', {}]));
    const trace = await world.run(b, ['count_leads']);
    expect(trace).toMatchObject({ state: 'failed', failure: 'too_many_steps', stars: 20 });
  });

  it('is one at a time in a conversation, and is seen and cancelled in its organization alone', async () => {
    world.parts = async function* ({ signal }) {
      await sleep(60_000, undefined, { signal }).catch(() => undefined);
      yield* words('Late.');
    };
    const persona = await world.persona(a, []);
    const { id, conversation_id: conversation } = await world.post(a, persona.id);
    await until(async () => kinds(await world.trace(a, id)).includes('reserved'));
    const again = { conversation_id: conversation, text: 'and?', persona_id: persona.id };
    const codes = (org: TestOrg, request: typeof again) =>
      world.agents.code(org, PostMessage, request, { signOuts: 0 });
    expect(await codes(a, again)).toBe('state_conflict');
    expect(await codes(b, again)).toBe('not_found');
    for (const [contract, of] of [
      [CancelRun, id],
      [GetConversation, conversation],
    ] as const)
      expect(await world.agents.code(b, contract, { id: of })).toBe('not_found');
    const began = performance.now();
    expect(await world.agents.ask(a, CancelRun, { id })).toMatchObject({ state: 'cancelled' });
    const hold = () => world.trace(a, id).then(({ items }) => items.some(({ kind }) => kind === 'settled'));
    await until(hold);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await world.trace(a, id)).toMatchObject({ state: 'cancelled', answer: null, stars: 1 });
    expect(await world.agents.ask(a, CancelRun, { id })).toMatchObject({ state: 'cancelled' });
    script(words('Next.'));
    const next = await world.post(a, persona.id, conversation);
    expect(await world.ended(a, next.id)).toMatchObject({ state: 'done', answer: 'Next.' });
  });

  it('stops within seconds for a person who is removed, and for an organization that is suspended', async () => {
    world.parts = async function* ({ signal }) {
      await sleep(60_000, undefined, { signal }).catch(() => undefined);
      yield* words('Late.');
    };
    const begin = async (org: TestOrg) => world.post(org, (await world.persona(org, [])).id);
    const runs = [await begin(a), await begin(b)];
    await until(async () => kinds(await world.trace(a, runs[0]!.id)).includes('reserved'));
    await until(async () => kinds(await world.trace(b, runs[1]!.id)).includes('reserved'));
    world.standing = (org) =>
      org === a.id ? { status: 'active', role: null } : { status: 'suspended', role: 'owner' };
    for (const [at, [org, failure]] of (
      [
        [a, 'forbidden'],
        [b, 'org_suspended'],
      ] as const
    ).entries()) {
      await until(async () => {
        const [row] = await world.agents.test.admin('select state from agents.runs where id = $1', [runs[at]!.id]);
        return row?.['state'] === 'failed';
      });
      const [row] = await world.agents.test.admin('select failure, failure_detail from agents.runs where id = $1', [
        runs[at]!.id,
      ]);
      expect({ org: org.id, ...row }).toMatchObject({ failure, failure_detail: expect.any(String) as string });
    }
  });

  it('remembers in its own name, once, within the persona that it runs as', async () => {
    script(
      calls(['remember', { text: 'They close in August.' }], ['forget', { text: 'Never said.' }]),
      words('So be it.'),
    );
    const persona = await world.persona(a, ['remember', 'forget']);
    const { id } = await world.post(a, persona.id);
    const trace = await world.ended(a, id);
    expect(trace.items.filter(({ kind }) => kind === 'returned').map(({ succeeded }) => succeeded)).toEqual([
      true,
      false,
    ]);
    const { items } = await world.agents.ask(a, ListFacts, { persona_id: persona.id });
    expect(items).toMatchObject([{ text: 'They close in August.', source: 'run', noted_by: a.owner }]);
    expect(await world.agents.code(b, GetPersona, { id: persona.id })).toBe('not_found');
  });

  it('is taken over from a process that fell silent while a service was asked: it is asked under the same key', async () => {
    const [asked, gate] = [[] as string[], Promise.withResolvers<void>()];
    const attempts: unknown[] = [];
    script(calls(['add_note', { lead_id: newId(), text: 'call back' }]), words('Noted.'));
    world.leads = async ({ envelope }) => {
      asked.push(envelope.idempotencyKey);
      const [run] = envelope.idempotencyKey.split('/');
      attempts.push(...(await world.agents.test.admin('select attempts from agents.jobs where id = $1', [run])));
      if (asked.length === 1) await gate.promise;
      return { id: newId() };
    };
    const { id } = await world.post(a, (await world.persona(a, ['add_note'])).id);
    await until(() => Promise.resolve(asked.length > 0));
    const other = await world.another();
    await world.fellSilent(id);
    const trace = await world.ended(a, id);
    gate.resolve();
    expect(trace).toMatchObject({ state: 'done', answer: 'Noted.', stars: 2 });
    expect(new Set(asked)).toEqual(new Set([`${id}/1.0`]));
    expect(asked.length).toBeGreaterThan(1);
    // To begin is not to come on: a run that no process survives is given up.
    expect(attempts).toContainEqual({ attempts: 1 });
    await other.stop();
    expect(kinds(await world.trace(a, id))).toEqual(kinds(trace));
    expect(kinds(trace).filter((kind) => kind === 'returned')).toHaveLength(1);
  });

  it('is taken over from a process that fell silent while a model was asked: what was held is settled once', async () => {
    const gate = Promise.withResolvers<void>();
    let began = 0;
    world.parts = async function* ({ signal }) {
      began += 1;
      if (began === 1) await Promise.race([gate.promise, sleep(60_000, undefined, { signal }).catch(() => undefined)]);
      yield* words('Once.');
    };
    const { id } = await world.post(a, (await world.persona(a, [])).id);
    await until(() => Promise.resolve(began > 0));
    const other = await world.another();
    await world.fellSilent(id);
    expect(await world.ended(a, id)).toMatchObject({ state: 'done', answer: 'Once.', stars: 1 });
    gate.resolve();
    await other.stop();
    const holds = [...world.holds].filter(([key]) => key.includes(id));
    expect(holds).toHaveLength(1);
    expect(world.settled.get(holds[0]?.[1].id ?? '')).toEqual([1]);
  });

  it('waits for no other one of its organization, as long as they are not too many', async () => {
    const gate = Promise.withResolvers<void>();
    const persona = (await world.persona(a, [])).id;
    world.parts = async function* ({ prompt }) {
      if (!JSON.stringify(prompt).includes('quick')) await gate.promise;
      yield* words('Done.');
    };
    const slow: string[] = [];
    for (let n = 1; n < RUNS_AT_ONCE; n++) slow.push((await world.post(a, persona)).id);
    for (const id of slow) await until(async () => (await world.trace(a, id)).state === 'running');
    const { id } = await world.post(a, persona, undefined, 'quick');
    expect(await world.ended(a, id)).toMatchObject({ state: 'done' });
    slow.push((await world.post(a, persona)).id);
    await until(async () => (await world.trace(a, slow.at(-1) ?? '')).state === 'running');
    const last = (await world.post(a, persona, undefined, 'quick')).id;
    const { id: ofB } = await world.post(b, (await world.persona(b, [])).id, undefined, 'quick');
    expect(await world.ended(b, ofB)).toMatchObject({ state: 'done' });
    expect(await world.trace(a, last)).toMatchObject({ state: 'queued' });
    gate.resolve();
    for (const each of [...slow, last]) expect(await world.ended(a, each)).toMatchObject({ state: 'done' });
  });

  it('asks another model where one cannot answer, and the same one again once it may, each paid for by itself', async () => {
    const failed = (statusCode: number, responseHeaders = {}) => {
      return {
        type: 'error',
        error: Object.assign(new Error('no'), { name: 'AI_APICallError', statusCode, responseHeaders }),
      };
    };
    const asked: string[] = [];
    world.parts = async function* ({ model }) {
      asked.push(model);
      yield* model === 'second' ? words('By another.') : [failed(429, { 'retry-after': '60' })];
    };
    world.fallback = ['second'];
    const trace = await world.run(a, []);
    expect(trace).toMatchObject({ state: 'done', answer: 'By another.', stars: 2 });
    expect(trace.items.flatMap(({ kind, model }) => (kind === 'asked' ? [model] : []))).toEqual(asked);
    expect(asked).toEqual(['apollo-offline-1', 'second']);
    world.fallback = [];
    world.parts = async function* ({ nth }) {
      yield* nth === 0 ? [failed(503)] : words('After a while.');
    };
    const began = performance.now();
    expect(await world.run(a, [])).toMatchObject({ state: 'done', answer: 'After a while.', stars: 2 });
    expect(performance.now() - began).toBeGreaterThan(1_900);
    world.parts = async function* () {
      yield failed(401);
    };
    world.fallback = ['second'];
    expect(await world.run(a, [])).toMatchObject({ state: 'failed', failure: 'model_failed', stars: 1 });
    world.fallback = [];
  });

  it('costs no more than was held for it, whatever a model says and claims to have said', async () => {
    world.parts = async function* () {
      yield* words(Array.from({ length: 9_000 }, (_, nth) => `w${nth}`).join(' '), 1_000_000);
    };
    const { id, items, stars } = await world.run(a, []);
    const answered = items.find(({ kind }) => kind === 'answered');
    expect(answered?.output_tokens).toBeGreaterThan(8_000);
    const [, hold] = [...world.holds].find(([key]) => key.includes(id)) ?? [];
    expect([stars, world.settled.get(hold?.id ?? '')]).toEqual([hold?.stars, [hold?.stars]]);
  });

  it('begins for nobody who granted nothing', async () => {
    const persona = await world.persona(a, []);
    const { conversation_id } = await world.post(a, persona.id);
    const request = { conversation_id, text: 'x', persona_id: persona.id };
    expect(await world.agents.code(a, PostMessage, request)).toBe('forbidden');
    expect(await world.agents.code(a, PostMessage, request, { actor: a.viewer, role: 'viewer' })).toBe('forbidden');
  });
});
