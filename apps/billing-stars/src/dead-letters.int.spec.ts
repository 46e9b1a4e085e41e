import { OrgChangedEvent, typeOf } from '@apollo/contracts';
import { deadLetterProgram } from '@apollo/service-kit';
import { Attacker, testDatabase, type TestDatabase, testOrg } from '@apollo/testing';
import { billingStarsSchema } from './billing-stars.schema.js';

describe("an organization's event that nothing will mend", () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await testDatabase(billingStarsSchema, { poolSize: 2 });
  });
  afterAll(() => test.drop());

  const said = async (...words: string[]): Promise<string[]> => {
    const lines: string[] = [];
    await deadLetterProgram('billing-stars', billingStarsSchema, words, (line) => lines.push(line), {
      url: test.appUrl,
      tagKey: test.tagKey,
    });
    return lines;
  };

  it('is none where nothing waits, and asking for all anew is no mistake', async () => {
    expect(await said('replay', '--all')).toEqual(['0 entities wait']);
  });

  it('is given up with a reason that its audit log keeps, and no other one with it', async () => {
    const org = testOrg();
    const attacker = await Attacker.connect(test, org);
    const bury = (version: number, reason: string): string =>
      `insert into billing_stars.dead_letters (org_id, id, type, source, entity, entity_id, entity_version, request_id, body, reason, at)
      values ('${org.id}', gen_random_uuid(), '${typeOf(OrgChangedEvent)}', 'orgs', 'org', '${org.id}', ${version}, 'r', '{}', '${reason}', now())`;
    const { code } = await attacker.commit(
      bury(1, 'validation_failed'),
      bury(2, 'behind-dead-letter'),
      `select billing_stars.note_blocked('orgs', 'org', '${org.id}')`,
    );
    await attacker.close();
    expect(code).toBeUndefined();
    await expect(said('give-up', org.id)).rejects.toThrow(/^Say what to do: /);
    await expect(said('give-up', '--all', 'too many')).rejects.toThrow('No event of --all waits.');
    const [line] = await said('give-up', org.id, 'its', 'zone\u001b[2J is unknown');
    expect(line).toContain(`version 1 of ${org.id} is given up: its zone\ufffd[2J is unknown.`);
    const written = await test.admin(
      `select actor, action, subject, detail - 'type' as detail from billing_stars.audit_entries where org_id = $1`,
      [org.id],
    );
    expect(written).toEqual([
      {
        actor: 'system:billing-stars',
        action: 'event.given_up',
        subject: org.id,
        detail: { source: 'orgs', entity: 'org', entity_version: 1, reason: 'its zone\u001b[2J is unknown' },
      },
    ]);
    expect(await test.admin('select version::int from billing_stars.inbox where org_id = $1', [org.id])).toEqual([
      { version: 1 },
    ]);
    expect(await said('list')).toContainEqual(expect.stringMatching(new RegExp(`${org.id}.* replay asked for$`)));
    expect(await said('give-up', org.id, 'again')).toEqual([
      `No event of ${org.id} can be given up now; list says what waits.`,
    ]);
  });
});
