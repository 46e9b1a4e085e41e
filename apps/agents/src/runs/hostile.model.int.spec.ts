import { TOOL_NAMES } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { twoOrgs } from '@apollo/testing';
import fc from 'fast-check';
import { calls, RunWorld, words } from './run.world.spec.js';

const RUNS = 25;
/** Stars of each run's organization: a model that does not end is ended by them. */
const CAP = 4;

describe('a model that is an attacker', () => {
  const [a, b] = twoOrgs();
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
    world.leads = () => ({ id: newId(), total: 0, stages: [], items: [], next_cursor: null });
  });
  afterAll(() => world.stop());

  it('reaches no other organization or person, no tool that was not given, and no Star beyond the cap', async () => {
    const known = [
      a.id,
      b.id,
      b.owner,
      b.canary,
      '../../etc/passwd',
      "'; drop table agents.runs; --",
      'http://127.0.0.1',
    ];
    const value = fc.oneof(fc.constantFrom<unknown>(...known, null, -1, [], {}), fc.string(), fc.jsonValue());
    const input = fc.oneof(
      fc.dictionary(
        fc.constantFrom('id', 'lead_id', 'text', 'stage', 'fields', 'org_id', 'persona_id', 'run', 'query', 'limit'),
        value,
      ),
      fc.string(),
    );
    const name = fc.constantFrom(...TOOL_NAMES, 'approve', 'rpc.leads.purge', 'delegate', '__proto__', 'constructor');
    const answer = fc.array(fc.tuple(name, input), { minLength: 1, maxLength: 12 });
    const script = fc.sample(answer, { numRuns: RUNS * CAP, seed: 1 });
    const given = ['count_leads', 'add_note', 'search_leads', 'remember'];
    const methods = new Set(['count-leads', 'add-note', 'list-leads', 'list-pipelines']);
    let nth = 0;
    for (let run = 0; run < RUNS; run += 1) {
      world.free.set(a.id, CAP);
      world.parts = async function* () {
        yield* calls(...(script[nth++ % script.length] ?? []));
      };
      const trace = await world.run(a, given);
      expect(trace.state).toBe('failed');
      expect(trace.stars).toBeLessThanOrEqual(CAP);
    }
    for (const { envelope, method } of world.heard) {
      expect(envelope.context).toMatchObject({ orgId: a.id, actor: a.owner });
      expect(methods).toContain(method);
    }
    expect(world.heard.length).toBeGreaterThan(0);
    const rows = 'select count(*)::int as rows from agents.runs where org_id <> $1';
    expect(await world.agents.test.admin(rows, [a.id])).toEqual([{ rows: 0 }]);
    world.parts = async function* () {
      yield* words('Well.');
    };
    expect(await world.run(b, given)).toMatchObject({ state: 'done', answer: 'Well.' });
  });
});
