import { specimenSchema } from '../specimen/specimen.schema.js';
import { foreignKeys } from './foreign.keys.js';
import { testDatabase, type TestDatabase } from './test.database.js';

describe('foreign keys', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await testDatabase(await specimenSchema());
  });
  afterAll(() => test.drop());
  beforeEach(() => test.admin('alter table specimen.papers add column other uuid, add column whose uuid'));
  afterEach(() => test.admin('alter table specimen.papers drop column other, drop column whose'));

  it('may lead to a row of the same organization', async () => {
    const { keys } = await foreignKeys(test, 'specimen');
    await test.admin(
      'alter table specimen.papers add foreign key (org_id, other) references specimen.papers (org_id, id)',
    );
    expect(await foreignKeys(test, 'specimen')).toEqual({ keys: keys + 1, strays: [] });
  });

  it.each([
    ['another organization by its id alone', 'unique (id), add foreign key (other) references specimen.papers (id)'],
    ['what says elsewhere whose it is', 'foreign key (whose, other) references specimen.papers (org_id, id)'],
    [
      'what is compared with another column',
      'unique (id, org_id), add foreign key (org_id, other) references specimen.papers (id, org_id)',
    ],
    [
      'whose it is at its end',
      'unique (id, org_id), add foreign key (other, org_id) references specimen.papers (id, org_id)',
    ],
  ])('are found that lead to %s', async (_, key) => {
    await test.admin(`alter table specimen.papers add ${key}`);
    const { strays } = await foreignKeys(test, 'specimen');
    await test.admin(
      'alter table specimen.papers drop constraint if exists papers_id_key cascade, drop constraint if exists papers_id_org_id_key cascade',
    );
    expect(strays).toEqual([expect.stringMatching(/^specimen\.papers\.\w+: FOREIGN KEY /)]);
  });
});
