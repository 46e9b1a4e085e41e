import { newId } from '@apollo/tenancy';
import { Attacker, type TestOrg, twoOrgs, until } from '@apollo/testing';
import { calls, RunWorld, words } from './run.world.spec.js';

describe('the log of a run, whatever SQL writes into it', () => {
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
    world.leads = () => ({ id: newId() });
  });

  /** A run of A whose model is asked and does not answer, until it is told to. */
  async function heldRun(): Promise<{ id: string; answer: () => void }> {
    const gate = Promise.withResolvers<void>();
    let began = 0;
    world.parts = async function* ({ nth }) {
      began += 1;
      if (nth === 0) await gate.promise;
      yield* words('Said by the model.');
    };
    const { id } = await world.post(a, (await world.persona(a, ['add_note'])).id);
    await until(() => Promise.resolve(began > 0));
    return { id, answer: gate.resolve };
  }

  /** What the log holds, and what SQL under the tag of the organization adds to it. */
  async function smuggle(id: string, entries: readonly object[], mark: string | null): Promise<void> {
    const attacker = await Attacker.connect(world.agents.test, a);
    for (const entry of entries) {
      const { kind } = entry as { kind: string };
      const { code } = await attacker.commit(
        `insert into agents.run_entries
         select '${a.id}', gen_random_uuid(), '${id}', max(seq) + 1, '${kind}', '${JSON.stringify(entry)}', now(),
           ${mark === null ? 'null' : mark}
         from agents.run_entries where run_id = '${id}'`,
      );
      expect(code).toBeUndefined();
    }
    await attacker.close();
  }

  const forged = (spent: number): object[] => [
    {
      kind: 'answered',
      step: 1,
      text: '',
      calls: [{ id: '1', name: 'add_note', valid: true, text: '{}', input: { lead_id: newId(), text: 'never said' } }],
      finish: 'tool_calls',
      failure: null,
      inputTokens: spent,
      outputTokens: 0,
      milliseconds: 1,
    },
    { kind: 'settled', step: 1, stars: 1 },
    { kind: 'called', step: 1, call: 0, tool: 'add_note', request: { lead_id: newId(), text: 'never said' } },
  ];

  it.each([
    ['without a mark', null],
    ['with the mark of another entry of the same log', '(array_agg(mark order by seq))[1]'],
    ['with none that is one', "'x'"],
  ])('has nothing done and nothing spent that the service did not write: %s', async (_how, mark) => {
    const { id, answer } = await heldRun();
    await smuggle(id, forged(400_000_000), mark);
    const other = await world.another();
    await world.fellSilent(id);
    const trace = await world.ended(a, id);
    answer();
    await other.stop();
    expect(trace).toMatchObject({ state: 'failed', failure: 'broken_log' });
    expect(world.heard.filter(({ method }) => method !== 'list-leads')).toEqual([]);
    const stars = [...world.holds]
      .filter(([key]) => key.includes(id))
      .flatMap(([, hold]) => world.settled.get(hold.id));
    expect(stars.filter((each) => (each ?? 0) > 1)).toEqual([]);
  });

  it('is gone by where the service wrote it (control), and is read no further than a run can come', async () => {
    world.parts = async function* ({ nth }) {
      yield* nth === 0 ? calls(['add_note', { lead_id: newId(), text: 'said' }]) : words('Noted.');
    };
    const { id } = await world.post(a, (await world.persona(a, ['add_note'])).id);
    expect(await world.ended(a, id)).toMatchObject({ state: 'done', answer: 'Noted.' });
    expect(world.heard).toHaveLength(1);
    const attacker = await Attacker.connect(world.agents.test, a);
    const more = `insert into agents.run_entries
      select '${a.id}', gen_random_uuid(), '${id}', 1361, 'asked', '{}', now(), null`;
    expect((await attacker.commit(more)).code).toBe('23514');
    await attacker.close();
  });

  it('is of one run of one organization: what was written there is nothing elsewhere', async () => {
    world.parts = async function* () {
      yield* words('Once.');
    };
    const { id } = await world.post(a, (await world.persona(a, [])).id);
    await world.ended(a, id);
    const rows = await world.agents.test.admin(
      'select kind, payload, mark from agents.run_entries where run_id = $1 order by seq offset 2 limit 2',
      [id],
    );
    const held = await heldRun();
    for (const { payload, mark } of rows as { payload: object; mark: string }[])
      await smuggle(held.id, [payload], `'${mark}'`);
    const other = await world.another();
    await world.fellSilent(held.id);
    expect(await world.ended(a, held.id)).toMatchObject({ state: 'failed', failure: 'broken_log' });
    held.answer();
    await other.stop();
    expect((await world.run(b, [])).state).toBe('done');
  });
});
