import { ReadDocumentPage } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { Attacker, twoOrgs } from '@apollo/testing';
import { DocumentWorld } from './document.world.spec.js';

const TABLES = ['documents', 'document_uploads', 'document_pieces', 'document_passages', 'document_words'];

describe('a document of another organization', () => {
  const [a, b] = twoOrgs();
  let world: DocumentWorld;
  let mine: string;
  let theirs: string;

  beforeAll(async () => {
    world = await DocumentWorld.start();
    ({ id: mine } = await world.upload(a, 'crocodile of mine', { file_name: 'mine.txt' }));
    ({ id: theirs } = await world.upload(b, `crocodile ${b.canary}`, { file_name: 'theirs.txt', title: b.canary }));
    await world.open(b, { file_name: 'theirs.txt' }, theirs);
    await world.send(b, theirs, Buffer.from(b.canary));
  });
  afterAll(() => world.stop());

  it('is neither shown nor written to by any SQL under one’s own tag, nor deleted', async () => {
    const attacker = await Attacker.connect(world.agents.test, a);
    for (const table of TABLES) {
      const { rows } = await attacker.commit(`select * from agents.${table} where org_id = '${b.id}'`);
      expect([table, rows]).toEqual([table, []]);
      await attacker.commit(`select agents.delete_${table}(array(select id from agents.${table}))`);
    }
    const search =
      "select count(*)::int as found from agents.document_words where words @@ to_tsquery('english', 'crocodile')";
    expect((await attacker.commit(search)).rows).toEqual([{ found: 0 }]);
    const writes = [
      `insert into agents.document_words values ('${b.id}', gen_random_uuid(), '${theirs}', 'en', 'poison')`,
      `insert into agents.document_words values ('${a.id}', gen_random_uuid(), '${theirs}', 'en', 'poison')`,
      `insert into agents.document_passages values ('${a.id}', gen_random_uuid(), '${theirs}', 1, 9, 'poison')`,
      `insert into agents.document_pieces values ('${a.id}', gen_random_uuid(), '${theirs}', 9, repeat('a', 64), 'x')`,
    ];
    const codes: (string | undefined)[] = [];
    for (const write of writes) codes.push((await attacker.commit(write)).code);
    expect(codes).toEqual(['42501', '23503', '23503', '23503']);
    await attacker.close();
    const { items } = await world.agents.ask(b, ReadDocumentPage, { id: theirs, page: 1 });
    expect(items).toEqual([{ nth: 1, text: `crocodile ${b.canary}` }]);
    expect(await world.search(b, 'crocodile')).toHaveLength(1);
    expect(await world.agents.code(a, ReadDocumentPage, { id: mine, page: 1 })).toBe('not_found');
  });

  it('is passed by where one’s own are searched: nothing is read before the policy, and by no index on words', async () => {
    const attacker = await Attacker.connect(world.agents.test, a);
    const explained = await attacker.commit(
      `explain (format json) select id from agents.document_words
       where org_id = '${a.id}' and words @@ to_tsquery('english', 'crocodile') order by id desc limit 500`,
    );
    const plan = JSON.stringify(explained.rows);
    expect(plan).toMatch(/"Index Cond":"\(+org_id = /);
    expect(plan).not.toContain('Seq Scan');
    await attacker.close();
    const indexes = await world.agents.test.admin(
      `select indexname from pg_indexes where schemaname = 'agents' and tablename like 'document%'
         and indexdef !~ 'USING btree \\(org_id,'`,
    );
    expect(indexes).toEqual([]);
  });

  it('tells nothing by what a page or an id is answered with', async () => {
    const answers = [theirs, newId()].map((id) => world.agents.refusal(a, ReadDocumentPage, { id, page: 1 }));
    const [one, other] = await Promise.all(answers);
    expect(one).toBe(other);
  });
});
