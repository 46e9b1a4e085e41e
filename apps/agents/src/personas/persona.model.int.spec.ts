import {
  agentsMessages,
  ArchivePersona,
  CreatePersona,
  GetPersona,
  ListPersonas,
  ListPersonaVersions,
  RestorePersona,
  UpdatePersona,
} from '@apollo/contracts';
import { testOrg, type TestOrg } from '@apollo/testing';
import fc from 'fast-check';
import { type AgentsWorld, agentsWorld } from '../agents.world.spec.js';

type Persona = agentsMessages.Persona;
type Changes = Pick<agentsMessages.UpdatePersonaRequest, 'name' | 'instructions' | 'daily_cap'>;

/** What an organization has, as a reader of the documents would keep it: each persona's versions, the last one first. */
type Kept = Map<string, Omit<Persona, 'id' | 'created_at' | 'is_chief_of_staff'>[]>;

/** One thing that is done in one of two organizations, with the place of a persona among all that both have. */
interface Deed {
  readonly here: boolean;
  readonly verb: 'create' | 'update' | 'archive' | 'restore';
  readonly place: number;
  readonly seen: boolean;
  readonly changes: Changes;
}

const deed: fc.Arbitrary<Deed> = fc.record({
  here: fc.boolean(),
  verb: fc.constantFrom('create', 'update', 'update', 'archive', 'restore'),
  place: fc.nat(9),
  seen: fc.boolean(),
  changes: fc.record(
    {
      name: fc.constantFrom('Ada', 'ADA', 'Bo', 'Cy'),
      instructions: fc.constantFrom('x', 'y'),
      daily_cap: fc.nat(2),
    },
    { requiredKeys: [] },
  ),
});

describe('personas of two organizations at once', () => {
  let world: AgentsWorld;
  beforeAll(async () => {
    world = await agentsWorld();
  });
  afterAll(() => world.stop());

  const isTaken = (kept: Kept, name: string, but?: string): boolean =>
    [...kept].some(
      ([id, [now]]) => id !== but && now && !now.archived && now.name.toLowerCase() === name.toLowerCase(),
    );

  /** What has to come of a deed, by what is kept; keeps it where it is done. */
  function expected(kept: Kept, id: string, { verb, seen, changes }: Deed): string {
    const versions = kept.get(id);
    const now = versions?.[0];
    if (!versions || !now) return 'not_found';
    if (!seen) return 'etag_mismatch';
    const after = { ...now, ...(verb === 'update' ? changes : { archived: verb === 'archive' }) };
    if (JSON.stringify(after) === JSON.stringify(now)) return 'taken';
    if (!after.archived && isTaken(kept, after.name, id)) return 'name_taken';
    versions.unshift({ ...after, version: now.version + 1 });
    return 'taken';
  }

  async function create(org: TestOrg, kept: Kept, { changes }: Deed): Promise<void> {
    const request = { name: 'Ada', instructions: 'x', ...changes };
    if (isTaken(kept, request.name)) {
      expect(await world.code(org, CreatePersona, request)).toBe('name_taken');
      return;
    }
    const {
      id,
      created_at: _created,
      is_chief_of_staff: _chief,
      ...made
    } = await world.ask(org, CreatePersona, request);
    expect(made).toMatchObject(request);
    kept.set(id, [made]);
  }

  async function change(org: TestOrg, kept: Kept, id: string, done: Deed): Promise<void> {
    const version = kept.get(id)?.[0]?.version ?? 1;
    const contract = done.verb === 'update' ? UpdatePersona : done.verb === 'archive' ? ArchivePersona : RestorePersona;
    const request = { id, if_match: done.seen ? version : version + 1, ...(done.verb === 'update' && done.changes) };
    const wanted = expected(kept, id, done);
    expect([done, await world.code(org, contract, request)]).toEqual([done, wanted]);
  }

  it('are what was done with them in their own organization, and every version stays as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 30 }), async (deeds) => {
        const places = [
          { org: testOrg(), kept: new Map() as Kept },
          { org: testOrg(), kept: new Map() as Kept },
        ] as const;
        for (const done of deeds) {
          const { org, kept } = places[done.here ? 0 : 1];
          // Of either organization: what is the other's is not found here.
          const ids = places.flatMap((each) => [...each.kept.keys()]);
          const id = ids[done.place % Math.max(1, ids.length)];
          if (done.verb === 'create' || id === undefined) await create(org, kept, done);
          else await change(org, kept, id, done);
        }
        for (const { org, kept } of places) {
          const listed = (await world.ask(org, ListPersonas, {})).items.map(({ id }) => id);
          expect(listed).toEqual([...kept.keys()]);
          for (const [id, versions] of kept) {
            const { items } = await world.ask(org, ListPersonaVersions, { id });
            const told = items.map(({ changed_by: _by, changed_at: _at, ...version }) => version);
            expect(told).toEqual(versions.slice(0, 20));
            expect(await world.ask(org, GetPersona, { id })).toMatchObject(versions[0] ?? {});
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});
