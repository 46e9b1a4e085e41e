import { newId } from '@apollo/tenancy';
import { specimenSchema, testDatabase, type TestDatabase, testOrg, type TestOrg } from '@apollo/testing';
import type { ServiceSchema } from '@apollo/tenancy/postgres';
import { deadLetterProgram } from './dead.letter.program.js';

describe("the operator's command for dead letters", () => {
  let schema: ServiceSchema;
  let test: TestDatabase;
  const id = newId();
  const [a, b] = [testOrg(), testOrg()];

  beforeAll(async () => {
    schema = await specimenSchema();
    test = await testDatabase(schema);
  });
  afterAll(() => test.drop());

  const bury = (org: TestOrg, at: string, body: string): Promise<unknown> =>
    test.admin(
      `with waiting as (insert into specimen.dead_letters (org_id, id, type, source, entity, entity_id, entity_version, request_id, body, reason, at)
        values ($1, gen_random_uuid(), 'x', 'orgs', 'org', $2, 1, 'r', ${body}, 'conflict', ${at}) returning *)
      insert into specimen.blocked_entities select org_id, source, entity, entity_id, now(), false from waiting`,
      [org.id, id],
    );
  const said = async (...words: string[]): Promise<string[]> => {
    const lines: string[] = [];
    await deadLetterProgram('billing-stars', schema, words, (line) => lines.push(line), {
      url: test.appUrl,
      tagKey: test.tagKey,
    });
    return lines;
  };

  it('shows what is to be seen beside letters that cannot be read, and no line that a letter makes up (A74)', async () => {
    await bury(a, "'infinity'", "'{}'");
    await bury(b, 'now()', `'{"a":1}' || chr(10) || chr(27) || '[2Jorgs.org' || chr(8238)`);
    const lines = await said('show', id);
    expect(lines).toContain(`${id} of organization ${a.id} cannot be read: TypeError`);
    expect(lines.at(-1)).toBe('    {"a":1}\ufffd\ufffd[2Jorgs.org\ufffd');
    expect((await said('list')).filter((line) => line.includes(`organization ${b.id}`))).toHaveLength(1);
    expect(await said('replay', id)).toHaveLength(2);
  });
});
