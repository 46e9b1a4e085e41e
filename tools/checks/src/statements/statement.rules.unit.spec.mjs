import { loadModule, parseSync } from 'libpg-query';
import { besideCalls, unrestricted } from './statement.rules.mjs';

/** What is found in a text whose parameters are `:org`, `:id` and `:actor`, in this order. */
const found = (/** @type {string} */ text) => unrestricted(parseSync(text), ['org', 'id', 'actor'], keysOf);

/** Those of `leads` are of organizations, `identity.sessions` of people, `notes.own` of people in organizations. */
function keysOf(/** @type {string} */ table) {
  if (table === 'identity.sessions') return ['user_id'];
  if (table === 'notes.own') return ['org_id', 'user_id'];
  return table.startsWith('leads.') ? ['org_id'] : undefined;
}

describe('statements', () => {
  beforeAll(() => loadModule());

  it.each([
    ['a table', 'select * from leads.leads where org_id = $1 and id = $2'],
    ['a table of one person', 'select * from identity.sessions where user_id = $3'],
    ['a table of one person in an organization', 'select * from notes.own where user_id = $3 and org_id = $1'],
    ['with a cast, the other way round', 'select * from leads.leads l where $1::uuid = l.org_id'],
    [
      'a join',
      'select * from leads.leads l join leads.stages s on s.org_id = $1 and s.id = l.stage_id where l.org_id = $1',
    ],
    ['an outer join', 'select * from leads.leads l left join leads.stages s on s.org_id = $1 where l.org_id = $1'],
    ['a query before it', 'with s as (select id from leads.stages where org_id = $1) select * from s'],
    [
      'a query of itself',
      'with recursive s as (select id from leads.stages where org_id = $1 union all select id from s) select * from s',
    ],
    ['new rows', "insert into leads.leads (id, org_id) values ($2, $1), ('x', $1::uuid)"],
    ['new rows of a query', 'insert into leads.leads (org_id, id) select $1, x from unnest($2) as x'],
    [
      'rows that may be there',
      'insert into leads.leads (org_id, id) values ($1, $2) on conflict (org_id, id) do update set id = excluded.id',
    ],
    [
      'a change by another table',
      'update leads.leads l set id = s.id from leads.stages s where l.org_id = $1 and s.org_id = $1',
    ],
  ])('are restricted: %s', (_what, text) => {
    expect(found(text)).toEqual([]);
  });

  it.each([
    ['in a comment', 'select * from leads.leads where id = $2 /* and org_id = $1 */'],
    ['on one side of an or', 'select * from leads.leads where org_id = $1 or true'],
    ['but not of it', 'select * from leads.leads where not (org_id = $1)'],
    ['by another operator', 'select * from leads.leads where org_id >= $1'],
    ['with itself', 'select * from leads.leads where org_id = org_id and $1::uuid is not null'],
    ['with another parameter', 'select * from leads.leads where org_id = $2'],
    ['with a person for an organization', 'select * from leads.leads where org_id = $3'],
    ['one of two tables', 'select * from leads.leads l join leads.stages s on s.id = l.stage_id where l.org_id = $1'],
    ['one of two tables, by a name that could be either', 'select * from leads.leads, leads.stages where org_id = $1'],
    [
      'one by the other alone',
      'select * from leads.leads l join leads.stages s on s.org_id = l.org_id where l.org_id = $1',
    ],
    [
      'what an outer join keeps all the same',
      'select * from leads.leads l left join leads.stages s on l.org_id = $1 and s.org_id = $1',
    ],
    ['the first of a union', 'select id from leads.leads where org_id = $1 union select id from leads.stages'],
    ['the outer of two', 'select (select count(*) from leads.stages) from leads.leads where org_id = $1'],
    ['a condition below', 'select * from leads.leads where org_id = $1 and exists (select from leads.stages)'],
    ['what is returned', 'update leads.leads set id = (select id from leads.stages limit 1) where org_id = $1'],
    ['a query before it', 'with s as (select id from leads.stages) select * from leads.leads where org_id = $1'],
    ['rows of anybody', 'insert into leads.leads (org_id, id) select org_id, id from leads.stages where org_id = $1'],
    ['rows without whose they are', 'insert into leads.leads (id) values ($1)'],
    ['one of two rows', 'insert into leads.leads (org_id) values ($1), ($2)'],
    [
      'rows met by another key',
      'insert into leads.leads (org_id, id) values ($1, $2) on conflict (id) do update set id = excluded.id',
    ],
    ['a table without its schema', 'select * from leads where org_id = $1'],
    ['a change of all', 'update leads.leads set id = $1'],
    ['a merge', 'merge into leads.leads l using leads.stages s on l.org_id = $1 when matched then delete'],
    ['no query', 'truncate leads.leads'],
    ['of what is given to another', 'update leads.leads set org_id = $2 where org_id = $1'],
    [
      'of what is given to another where it is met',
      'insert into leads.leads (org_id, id) values ($1, $2) on conflict (org_id, id) do update set org_id = $2',
    ],
    ['by a column named anew', 'select * from leads.stages as s (a, b, org_id) where org_id = $1'],
    ['but for how many', 'select id from leads.leads where org_id = $1 limit (select count(*) from leads.stages)'],
    [
      'but for how many of a union',
      'select id from leads.leads where org_id = $1 union select $2 limit (select count(*) from leads.stages)',
    ],
    ['behind columns that are not named', 'insert into leads.leads (id, org_id) select s.*, $1 from unnest($2) as s'],
    [
      'in a text',
      "select query_to_xml('select * from leads.leads', true, true, '') from leads.leads where org_id = $1",
    ],
    ['of a sub-query beside it', 'select * from identity.sessions, (select $3::uuid as user_id) x where user_id = $3'],
    ['by the person of an organization’s table', 'select * from leads.members where user_id = $3'],
    ['by one of two keys', 'select * from notes.own where user_id = $3'],
    ['new rows by one of two keys', 'insert into notes.own (user_id, org_id) values ($3, $2)'],
    ['a table of nobody', 'select * from orgs.directory where org_id = $1'],
    ['and no table is', 'select billing_stars.sweep_wallet() where $1::uuid is not null'],
  ])('are not, where the key is said %s', (_what, text) => {
    expect(found(text)).not.toEqual([]);
  });

  it('are calls where they name functions of a schema alone', () => {
    expect(besideCalls(parseSync("select a.f($1) as answer, pg_catalog.current_setting('a.b', true) = 'on'"))).toEqual(
      [],
    );
    expect(besideCalls(parseSync('select * from a.f($1)'))).toEqual([]);
    for (const text of [
      'select f($1)',
      'select 1',
      'select a.f($1) from leads.leads',
      'select a.f(array(select id from leads.leads))',
      'select * from a.f($1), leads.leads',
      'with gone as (delete from leads.leads) select a.f($1)',
    ])
      expect(besideCalls(parseSync(text))).not.toEqual([]);
  });
});
