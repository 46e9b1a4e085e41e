import { specimenSchema } from '../specimen/specimen.schema.js';
import { type Catalog, catalogOf, unknownNames } from './function.names.js';
import { testDatabase, type TestDatabase } from './test.database.js';

describe('what a function names', () => {
  let test: TestDatabase;
  let catalog: Catalog;
  beforeAll(async () => {
    test = await testDatabase(await specimenSchema());
    catalog = await catalogOf(test);
  });
  afterAll(() => test.drop());

  const looked = (body: string): string[] =>
    unknownNames(
      `create function specimen.look(org uuid) returns void language plpgsql as $$
      declare
        paper specimen.papers;
        papers specimen.papers[];
        one record;
        many int;
      begin
        ${body}
      end $$`,
      catalog,
    );

  it.each([
    'select * into paper from specimen.papers p where p.org_id = org; many := length(paper.title);',
    'with mine as (select p.id as known from specimen.papers p) select count(*) into many from mine m where m.known is null;',
    'for one in select p.title as told from specimen.papers p loop raise notice $n$%$n$, one.told; end loop;',
    'insert into specimen.folders as f (org_id, id, name) values (org, uuidv7(), $n$n$n$) on conflict (org_id, name) do update set name = f.name || excluded.name;',
    'update specimen.papers p set title = u.t from unnest(array[org], array[$n$t$n$]) as u (i, t) where p.id = u.i;',
    'paper.title := lower(paper.title); perform make_interval(secs => 1), concat(1, 2, 3);',
    'delete from specimen.papers p where p.org_id = look.org;',
    'select array_agg(p) into papers from specimen.papers p; many := cardinality(papers);',
  ])('is there: %s', (body) => {
    expect(looked(body)).toEqual([]);
  });

  it.each([
    ['select * into paper from specimen.leads p;', 'relation specimen.leads'],
    ['delete from papers;', 'relation pg_catalog.papers'],
    ['perform p.titel from specimen.papers p;', 'column p.titel'],
    ['many := (select count(*) from specimen.papers p where q.id = org);', 'q of q.id'],
    ['if paper.titel is null then return; end if;', 'column paper.titel'],
    ["paper.titel := '';", 'column paper.titel'],
    ["insert into specimen.folders (org_id, id, nam) values (org, org, '');", 'column specimen.folders.nam'],
    ["update specimen.folders set nam = '';", 'column specimen.folders.nam'],
    [
      "insert into specimen.folders (org_id, id, name) values (org, org, '') on conflict (org_id, nam) do nothing;",
      'column specimen.folders.nam',
    ],
    ['perform specimen.find_by_slag(null);', 'function specimen.find_by_slag of 1'],
    ['perform specimen.find_by_slug(null, null);', 'function specimen.find_by_slug of 2'],
    ['many := lenght(paper.title);', 'function pg_catalog.lenght of 1'],
  ])('is missing in: %s', (body, name) => {
    expect(looked(body)).toEqual([name]);
  });
});
