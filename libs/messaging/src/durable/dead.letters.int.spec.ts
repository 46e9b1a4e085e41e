import { newId } from '@apollo/tenancy';
import { specimenSchema, testDatabase, type TestDatabase, type TestOrg, twoOrgs } from '@apollo/testing';
import { DeadLetters } from './dead.letters.js';
import type { EventOrigin } from './inbox.js';

const ORIGIN: EventOrigin = { source: 'orgs', entity: 'org' };

describe('dead letters', () => {
  const [a, b] = twoOrgs();
  const id = newId();
  let test: TestDatabase;
  let letters: DeadLetters;
  beforeAll(async () => {
    test = await testDatabase(await specimenSchema());
    letters = new DeadLetters(test.database, 'specimen');
  });
  afterAll(() => test.drop());

  const addLetter = (org: TestOrg, entity: string, version: number): Promise<unknown> =>
    test.admin(
      `insert into specimen.dead_letters (org_id, id, type, source, entity, entity_id, entity_version, request_id, body, reason, at)
       values ($1, gen_random_uuid(), 'x', 'orgs', $2, $3, $4, 'r', '{}', 'conflict', now())`,
      [org.id, entity, id, version],
    );

  it('are shown in order, two hundred of an entity, and those of the acting organization alone', async () => {
    for (let version = 201; version > 0; version--) await addLetter(a, 'org', version);
    await addLetter(a, 'member', 9);
    await addLetter(b, 'org', 7);
    const shown = (org: TestOrg, origin = ORIGIN): Promise<number[]> =>
      org.as(() => letters.of(origin, id)).then((found) => found.map(({ entity_version }) => entity_version));
    expect(await shown(a)).toEqual(Array.from({ length: 200 }, (_, nth) => nth + 1));
    expect(await shown(a, { ...ORIGIN, entity: 'member' })).toEqual([9]);
    expect(await shown(b)).toEqual([7]);
  });

  it('are found by the id of what they are of, each kind once, within the acting organization', async () => {
    expect(await a.as(() => letters.named(id))).toEqual([{ ...ORIGIN, entity: 'member' }, ORIGIN]);
    expect(await b.as(() => letters.named(id))).toEqual([ORIGIN]);
    expect(await b.as(() => letters.named(newId()))).toEqual([]);
  });
});
