import { deadLetterProgram } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import { type TestOrg, twoOrgs, until } from '@apollo/testing';
import { deadJobs } from './index.js';
import { WorkWorld } from './work.world.spec.js';

describe("the operator's command for dead letters", () => {
  let world: WorkWorld;
  const [a, b] = twoOrgs();
  let failing = true;
  beforeAll(async () => {
    world = await WorkWorld.start();
    world.gate = () => (failing ? Promise.reject(new RangeError('no further')) : Promise.resolve());
    world.run();
  });
  afterAll(() => world.stop());

  async function said(...words: string[]): Promise<string[]> {
    const lines: string[] = [];
    const config = { url: world.test.appUrl, tagKey: world.test.tagKey };
    await deadLetterProgram('leads', world.schema, words, (line) => lines.push(line), config, deadJobs('sample'));
    return lines;
  }
  const state = (org: TestOrg, id: string, wanted: string) =>
    until(async () => {
      await world.hurry();
      return (await world.state(org, id)) === wanted;
    });

  it('lists jobs that died, shows one, has it begun anew, and gives one up with a reason that is on record', async () => {
    expect(await said('list')).toEqual(['0 entities wait']);
    const [ofA, ofB] = [await world.begin(a, 1), await world.begin(b, 1)];
    await state(a, ofA, 'dead');
    await state(b, ofB, 'dead');
    const listed = await said('list');
    expect(listed[1]).toBe('2 jobs have died');
    expect(listed.join()).toContain(`  job  ${a.id} ${ofA}`);
    expect(await said('show', a.id, ofA)).toEqual([`job ${ofA}  stepping  dead  internal_error  It came no further.`]);
    await expect(said('give-up', a.id, ofA)).rejects.toThrow(/^Say what to do: /);
    expect(await said('give-up', a.id, ofA, 'not', 'needed')).toEqual([`${ofA} is given up: not needed.`]);
    expect(await world.state(a, ofA)).toBe('failed');
    expect(await world.test.admin('select org_id, actor, action, subject, detail from sample.audit_entries')).toEqual([
      { org_id: a.id, actor: 'system:leads', action: 'job.given_up', subject: ofA, detail: { reason: 'not needed' } },
    ]);
    failing = false;
    expect(await said('replay', '--all')).toEqual([`${ofB}: the running service begins it anew within seconds.`]);
    await state(b, ofB, 'done');
    await expect(said('replay', b.id, ofB)).rejects.toThrow(`Nothing of organization ${b.id} waits under ${ofB}.`);
  });

  /** As the service buries an event of a person, who is one in all organizations. */
  const add = (org: TestOrg, person: string): Promise<unknown> =>
    world.test.admin(
      `with waiting as (insert into sample.dead_letters
         (org_id, id, type, source, entity, entity_id, entity_version, request_id, body, reason, at)
         values ($1, gen_random_uuid(), 'x', 'orgs', 'member', $2, 1, 'r', '{}', 'conflict', now()) returning *)
       insert into sample.blocked_entities select org_id, source, entity, entity_id, now(), false from waiting`,
      [org.id, person],
    );
  /** A job of the organization that died under an id which somebody chose for it. */
  const dieAs = (org: TestOrg, id: string): Promise<boolean> =>
    org.as(async () => {
      await world.jobs.start({ id, kind: 'stepping', seconds: 3600 });
      const claim = await world.jobs.claim(id, newId());
      const end = { state: 'dead', code: 'x', detail: 'y' } as const;
      return world.jobs.end(id, claim?.lease ?? null, end);
    });
  const given = async (): Promise<unknown> =>
    world.test.admin(
      `select org_id, action from sample.audit_entries where detail ->> 'reason' like 'of one%' order by org_id, action`,
    );

  it('acts on what waits of one organization, whoever else has its id, and on none before it is told which', async () => {
    const person = newId();
    await add(a, person);
    await add(b, person);
    expect(await dieAs(a, person)).toBe(true);
    expect(await said('show', b.id, person)).toContain(`orgs.member ${person} of organization ${b.id}`);
    await expect(said('give-up', a.id, person, 'of', 'one')).rejects.toThrow(/--job or --event=orgs\.member\.$/);
    expect(await given()).toEqual([]);
    expect(await said('give-up', a.id, person, '--event', 'of', 'one')).toHaveLength(1);
    expect(await given()).toEqual([{ org_id: a.id, action: 'event.given_up' }]);
    expect(await said('give-up', a.id, person, '--job', 'of', 'one')).toEqual([`${person} is given up: of one.`]);
    expect(await world.test.admin('select org_id from sample.inbox where entity_id = $1', [person])).toEqual([
      { org_id: a.id },
    ]);
    expect(await said('replay', b.id, person)).toHaveLength(1);
    const asked = (await said('list')).filter((line) => line.endsWith('replay asked for'));
    for (const { id } of [a, b]) expect(asked).toContainEqual(expect.stringContaining(`${id} ${person}`));
  });
});
