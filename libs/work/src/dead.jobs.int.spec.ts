import { deadLetterProgram } from '@apollo/service-kit';
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
    expect(listed.join()).toContain(`job ${ofA}  of organization ${a.id}`);
    expect(await said('show', ofA)).toEqual([`job ${ofA}  stepping  dead  internal_error  It came no further.`]);
    await expect(said('give-up', ofA)).rejects.toThrow(/^Say what to do: /);
    expect(await said('give-up', ofA, 'not', 'needed')).toEqual([`${ofA} is given up: not needed.`]);
    expect(await world.state(a, ofA)).toBe('failed');
    expect(await world.test.admin('select org_id, actor, action, subject, detail from sample.audit_entries')).toEqual([
      { org_id: a.id, actor: 'system:leads', action: 'job.given_up', subject: ofA, detail: { reason: 'not needed' } },
    ]);
    failing = false;
    expect(await said('replay', '--all')).toEqual([`${ofB}: the running service begins it anew within seconds.`]);
    await state(b, ofB, 'done');
    await expect(said('replay', ofB)).rejects.toThrow(`No event of ${ofB} waits.`);
  });
});
