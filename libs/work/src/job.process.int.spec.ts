import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { testOrg, until } from '@apollo/testing';
import { WorkWorld } from './work.world.spec.js';

/**
 * Another process of the service, as it is built: takes two steps of each job, and then takes its time for the third.
 */
const PROGRAM = `
import { createLogger } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { call, statement } from '@apollo/tenancy/postgres';
import { JobRunner, Jobs } from '@apollo/work';
const database = new TenantDatabase({ url: process.env.URL, tagKey: process.env.KEY });
const jobs = new Jobs(database, 'sample');
const step = statement('step', 'insert into sample.steps (org_id, id, job_id, nth, actor) values (:org, uuidv7(), :job, :nth, :actor)');
const handler = {
  kind: 'stepping',
  attempts: 3,
  exhausted: { state: 'dead', code: 'internal_error', detail: '' },
  ended: async () => {},
  work: async (job) => {
    for (const nth of [0, 1])
      await database.transaction(async () => {
        await database.batch([jobs.cameOn(job), call(step, { job: job.id, nth })]);
      });
    await database.transaction(async () => {
      await database.batch([jobs.cameOn(job), call(step, { job: job.id, nth: 2 })]);
      console.log('in the middle');
      await new Promise(() => setInterval(() => {}, 1000));
    });
  },
};
new JobRunner({
  service: 'leads', places: 2, database, jobs, handlers: [handler],
  permit: { ask: async () => 'granted' }, logger: createLogger('leads', 'silent'),
}).onApplicationBootstrap();
`;

describe('a job whose process is killed', () => {
  let world: WorkWorld;
  let child: ChildProcess;
  beforeAll(async () => {
    world = await WorkWorld.start();
  });
  afterAll(async () => {
    child.kill('SIGKILL');
    await world.stop();
  });

  it('goes on in another one from its last step, in the same name, with no step lost and none twice', async () => {
    const org = testOrg();
    const id = await world.begin(org, 5);
    child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
      cwd: new URL('..', import.meta.url),
      env: { URL: world.test.appUrl, KEY: world.test.tagKey },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout!, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await world.steps(org, id)).toHaveLength(2);
    // Nobody takes it while whoever had it may be alive.
    world.run();
    await world.hurry();
    expect((await org.as(() => world.jobs.find(id)))?.state).toBe('open');
    await world.test.admin(`update sample.jobs set heartbeat_at = now() - interval '31 seconds'`);
    await until(async () => {
      await world.hurry();
      return (await world.state(org, id)) === 'done';
    });
    expect(await world.steps(org, id)).toEqual([0, 1, 2, 3, 4].map((nth) => ({ nth, actor: org.owner })));
  });
});
