import { newId } from '@apollo/tenancy';
import { specimenSchema, testDatabase, type TestDatabase, testOrg, type TestOrg } from '@apollo/testing';
import type { ServiceSchema } from '@apollo/tenancy/postgres';
import type { DeadWorkSource } from './dead.job.commands.js';
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

  const add = (org: TestOrg, at: string, body: string, entity = 'org'): Promise<unknown> =>
    test.admin(
      `with waiting as (insert into specimen.dead_letters (org_id, id, type, source, entity, entity_id, entity_version, request_id, body, reason, at)
        values ($1, gen_random_uuid(), 'x', 'orgs', $3, $2, 1, 'r', ${body}, 'conflict', ${at}) returning *)
      insert into specimen.blocked_entities select org_id, source, entity, entity_id, now(), false from waiting`,
      [org.id, id, entity],
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
    await add(a, "'infinity'", "'{}'");
    await add(b, 'now()', `'{"a":1}' || chr(10) || chr(27) || '[2Jorgs.org' || chr(8238)`);
    expect(await said('show', a.id, id)).toContain(`${id} of organization ${a.id} cannot be read: TypeError`);
    expect((await said('show', b.id, id)).at(-1)).toBe('    {"a":1}\ufffd\ufffd[2Jorgs.org\ufffd');
    expect((await said('list')).filter((line) => line.includes(`  event orgs.org  ${b.id} ${id}`))).toHaveLength(1);
    expect(await said('replay', '--all')).toHaveLength(2);
  });

  it('asks which one is meant where several kinds of things of an organization have an id', async () => {
    await add(b, 'now()', "'{}'", 'standing');
    await expect(said('replay', b.id, id)).rejects.toThrow(
      `Several things of organization ${b.id} wait under ${id}: say which behind it, --event=orgs.org or --event=orgs.standing.`,
    );
    expect(await said('show', b.id, id, '--event=orgs.standing')).toContain(
      `orgs.standing ${id} of organization ${b.id}`,
    );
    await expect(said('show', b.id, id, '--job')).rejects.toThrow(
      `Nothing of organization ${b.id} waits under ${id} --job.`,
    );
  });

  it('replays all that it can where one job cannot be now, and says which (A74)', async () => {
    await add(a, 'now()', "'{}'", 'behind');
    const [held, other] = [newId(), newId()];
    const replayed: string[] = [];
    const work: DeadWorkSource = {
      find: async () => [held, other].map((job) => ({ org_id: a.id, id: job, since: new Date() })),
      waits: async () => true,
      show: async () => '',
      giveUp: async () => true,
      replay: async (job) => {
        if (job === held) throw new Error('locked by its organization');
        return replayed.push(job) > 0;
      },
    };
    const lines: string[] = [];
    const config = { url: test.appUrl, tagKey: test.tagKey };
    await expect(
      deadLetterProgram(
        'billing-stars',
        schema,
        ['replay', '--all'],
        (line) => lines.push(line),
        config,
        () => work,
      ),
    ).rejects.toThrow(`Could not be replayed now, all others are: ${held}`);
    expect(replayed).toEqual([other]);
    // Events come behind the jobs.
    expect(lines.some((line) => line.includes(id))).toBe(true);
  });

  it.each([
    [],
    ['list', 'x'],
    ['show'],
    ['show', id],
    ['give-up', id, 'a', 'reason'],
    ['show', a.id, id, 'more'],
    ['give-up', a.id, id],
    ['replay', '--all', 'more'],
    ['drop', a.id, id],
  ])('says what may be said: %s %s %s %s', async (...words) => {
    await expect(said(...words)).rejects.toThrow(/^Say what to do: list \| show <organization> <id> /);
  });

  it('says of what does not wait that it does not', async () => {
    const unknown = newId();
    await expect(said('show', a.id, unknown)).rejects.toThrow(
      `Nothing of organization ${a.id} waits under ${unknown}.`,
    );
  });
});
