import { TOOL_NAMES } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { testOrg, type TestOrg, twoOrgs } from '@apollo/testing';
import fc from 'fast-check';
import { calls, RunWorld, words } from './run.world.spec.js';

/** Organizations that are attacked at once, answers of the model in all of them, and Stars of a run, which end it. */
const [ORGS, ANSWERS, CAP] = [8, 2_000, 4];

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
    const script = fc.sample(answer, { numRuns: ANSWERS, seed: 1 });
    const given = ['count_leads', 'add_note', 'search_leads', 'remember'];
    const methods = new Set(['count-leads', 'add-note', 'list-leads', 'list-pipelines']);
    let nth = 0;
    world.parts = async function* () {
      yield* calls(...(script[nth++ % ANSWERS] ?? []));
    };
    const attacked = [a, ...Array.from({ length: ORGS - 1 }, () => testOrg())];
    const owners = new Map(attacked.map(({ id, owner }) => [id, owner]));
    const siege = async (org: TestOrg): Promise<void> => {
      const persona = (await world.persona(org, given)).id;
      while (nth < ANSWERS) {
        world.free.set(org.id, CAP);
        const { failure, stars } = await world.ended(org, (await world.post(org, persona)).id);
        expect(failure).toBe('stars_refused');
        expect(stars).toBeLessThanOrEqual(CAP);
      }
    };
    await Promise.all(attacked.map(siege));
    for (const { envelope, method } of world.heard) {
      const { orgId, actor } = envelope.context;
      expect([actor, envelope.acting?.orgId]).toEqual([owners.get(orgId ?? ''), orgId]);
      expect(methods).toContain(method);
    }
    expect(world.heard.length).toBeGreaterThan(0);
    const rows = 'select count(*)::int as rows from agents.runs where not org_id = any($1)';
    expect(await world.agents.test.admin(rows, [[...owners.keys()]])).toEqual([{ rows: 0 }]);
    world.parts = async function* () {
      yield* words('Well.');
    };
    expect(await world.run(b, given)).toMatchObject({ state: 'done', answer: 'Well.' });
  }, 180_000);
});
