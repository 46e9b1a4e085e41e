import { OrgChangedEvent, typeOf } from '@apollo/contracts';
import { DeadLetters } from '@apollo/messaging';
import { deadLetterProgram } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import { functionCall } from '@apollo/tenancy/postgres';
import { testDatabase, type TestDatabase, testOrg, type TestOrg } from '@apollo/testing';
import { billingStarsSchema } from './billing-stars.schema.js';

const ORIGIN = { source: 'orgs', entity: 'org' } as const;

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
    const letters = new DeadLetters(test.database, 'billing_stars');
    const event = {
      org: org.id,
      id: newId(),
      type: typeOf(OrgChangedEvent),
      entityId: org.id,
      requestId: 'r',
      trace: undefined,
      body: '{}',
    };
    const add = (entityVersion: number, reason: string): Promise<void> =>
      org.as(() => letters.add(ORIGIN, { ...event, entityVersion }, reason), { actor: 'system:orgs', role: 'system' });
    await add(1, 'validation_failed');
    await add(2, 'behind-dead-letter');
    await expect(said('give-up', org.id, org.id)).rejects.toThrow(/^Say what to do: /);
    await expect(said('give-up', '--all', 'too many')).rejects.toThrow(/^Say what to do: /);
    const [line] = await said('give-up', org.id, org.id, 'its', 'zone\u001b[2J is unknown');
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
    expect(await said('list')).toContainEqual(
      expect.stringMatching(new RegExp(`${org.id} ${org.id}  replay asked for$`)),
    );
    expect(await said('give-up', org.id, org.id, 'again')).toEqual([
      `No event of ${org.id} can be given up now; list says what waits.`,
    ]);
  });

  it('is put there, skipped and cleared by a replica of the version before, by the names that it knows', async () => {
    const [org, other] = [testOrg(), testOrg()];
    const call = (of: TestOrg, actor: string, text: string): Promise<unknown[]> =>
      of.as(() => test.database.query(functionCall<object>(text, `select * from billing_stars.${text}`), {}), {
        actor,
        role: 'system',
      });
    const left = async (): Promise<unknown[]> =>
      test.admin(
        'select org_id, entity_version::int as version from billing_stars.dead_letters where org_id = any($1) order by 2',
        [[org.id, other.id]],
      );
    const place = (of: TestOrg): string => `'orgs', 'org', '${of.id}'`;
    const add = (of: TestOrg, version: number): Promise<unknown[]> =>
      call(of, 'system:orgs', `bury_event(${place(of)}, 'orgs.org.changed.v1', ${version}, 'r', null, '{}', 'why')`);
    await add(org, 1);
    await add(other, 1);
    expect(await call(org, 'system:billing-stars', `pass_over_event(${place(org)})`)).toEqual([
      { type: 'orgs.org.changed.v1', entity_version: '1' },
    ]);
    await call(org, 'system:billing-stars', `dig_up_events(${place(org)})`);
    expect(await left()).toEqual([{ org_id: other.id, version: 1 }]);
  });
});
