import { newId } from '@apollo/tenancy';
import { StarsWorld } from '../spec/stars.world.spec.js';
import { capProblem } from './cap.rules.js';
import { CAP_LAYERS, type CapLayer } from './cap.tables.js';

/** A layer as the database tells of it. */
interface Layer {
  readonly layer: CapLayer;
  readonly of_agent: boolean;
  readonly of_person: boolean;
  readonly of_day: boolean;
  readonly standard: string | null;
}

describe('the layers of caps', () => {
  let world: StarsWorld;
  let layers: Layer[];
  beforeAll(async () => {
    world = await StarsWorld.start(2);
    layers = (await world.test.admin(
      'select layer, of_agent, of_person, of_day, standard from billing_stars.cap_layers() order by place',
    )) as unknown as Layer[];
  });
  afterAll(() => world.test.drop());

  it('are those of the contracts and of the tables, in the order in which they are asked', async () => {
    expect(layers.map(({ layer }) => layer)).toEqual(CAP_LAYERS);
    const checks = await world.test.admin(
      "select conrelid::regclass::text as table, pg_get_constraintdef(oid) as text from pg_constraint where connamespace = 'billing_stars'::regnamespace and conname ~ '_layer_check$'",
    );
    const named = checks.map(({ text }) => [...String(text).matchAll(/'(\w+)'/g)].map(([, layer]) => layer));
    expect(named).toHaveLength(3);
    for (const names of named) expect(names.filter((name) => name !== 'wallet')).toEqual(CAP_LAYERS);
  });

  it('are about nobody, an agent, or a person with an agent', () => {
    expect(layers.filter(({ of_agent, of_person }) => of_person && !of_agent)).toEqual([]);
    expect(layers.find(({ standard }) => standard !== null)).toMatchObject({ layer: 'agent_day', standard: '1000' });
  });

  it('take the ids that the service lets through, and count for the subject a cap of these is kept under', async () => {
    const [agent, person] = [newId(), newId()];
    for (const { layer, of_agent } of layers)
      for (const of of [
        [null, null] as const,
        [agent, null] as const,
        [null, person] as const,
        [agent, person] as const,
      ]) {
        const [row] = await world.test
          .admin('select billing_stars.cap_subject($1, $2, $3) as subject', [layer, ...of])
          .catch(() => []);
        const isRefused = capProblem(layer, of[0], of[1]) !== null;
        expect({ layer, of, isRefused: !row }).toEqual({ layer, of, isRefused });
        if (!row || (of_agent && !of[0])) continue;
        const counted = await world.test.admin(
          "select subject from billing_stars.layers_of($2, $3, '2026-03-01', '2026-03-10') where layer = $1",
          [layer, ...of],
        );
        expect(counted).toEqual([row]);
      }
  });
});
