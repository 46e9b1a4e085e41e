import { setTimeout as sleep } from 'node:timers/promises';
import { GetBalance, Reserve } from '@apollo/contracts';
import { type RunningService, startService } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import {
  FaultProxy,
  orgContext,
  testDelegation,
  type TestOrg,
  testOrgs,
  testPeer,
  type TestPeer,
  testServiceConfig,
} from '@apollo/testing';
import { BillingStarsModule } from './billing-stars.module.js';
import { billingStarsSchema } from './billing-stars.schema.js';
import { codeOf, StarsWorld } from './spec/stars.world.spec.js';

const MANY = 40;

/** Two processes of one service; one of them reaches its database through a line that can be cut. */
describe('a process that cannot serve', () => {
  let world: StarsWorld;
  let line: FaultProxy;
  let whole: RunningService;
  let sick: RunningService;
  let gateway: TestPeer;
  let agents: TestPeer;
  let orgs: TestPeer;
  let org: TestOrg;

  beforeAll(async () => {
    world = await StarsWorld.start(4);
    line = await FaultProxy.start({ name: 'billing-stars → postgres' });
    const config = testServiceConfig('billing-stars', world.test);
    const start = async (databaseUrl: string): Promise<RunningService> =>
      startService({
        name: 'billing-stars',
        schema: billingStarsSchema,
        config: { ...config, databaseUrl },
        module: await BillingStarsModule.with({}),
      });
    whole = await start(config.databaseUrl);
    sick = await start(line.through(config.databaseUrl));
    [gateway, agents, orgs] = [await testPeer('gateway'), await testPeer('agents'), await testOrgs()];
    org = await world.org();
  }, 300_000);
  afterAll(async () => {
    await Promise.all([gateway.close(), agents.close()]);
    await Promise.all([whole, sick].map((each) => each?.stop().catch(() => undefined)));
    await orgs.close();
    await line.stop();
    await world.test.drop();
  });

  const balance = (asker = gateway): Promise<string> => codeOf(org.as(() => asker.bus.request(GetBalance, {})));
  const readiness = async (): Promise<number> => (await fetch(`http://127.0.0.1:${sick.healthPort}/readyz`)).status;
  const wish = () => ({
    key: newId(),
    stars: 1,
    agent_id: newId(),
    person_id: newId(),
    run_id: newId(),
    price_version: 1,
  });

  const ask = (each: ReturnType<typeof wish>) =>
    org.as(() => agents.bus.request(Reserve, each), {
      delegation: testDelegation(orgContext(org.id, org.owner, 'owner'), newId()),
    });

  it('in the midst of batches loses none that it has acknowledged, and has each once when it is asked again (B20, B22)', async () => {
    const wishes = Array.from({ length: MANY }, wish);
    const before = (await world.wallet(org)).held;
    const first = Promise.all(wishes.map((each) => ask(each).catch(() => null)));
    line.reset();
    const told = await first;
    const again: unknown[] = [];
    for (const each of wishes) again.push(await ask(each));
    told.forEach((answer, n) => answer && expect(again[n]).toEqual(answer));
    expect((await world.wallet(org)).held).toBe(before + MANY);
    expect(await world.findings()).toEqual([]);
  });

  it('loses nobody a request, takes no share while it cannot, and comes back by itself', async () => {
    expect(await Promise.all(Array.from({ length: MANY }, () => balance()))).toEqual(Array<string>(MANY).fill('ok'));
    line.refuse();
    line.reset();
    const during: string[] = [];
    for (let n = 0; n < MANY; n += 1) during.push(await balance());
    expect(during).toEqual(Array<string>(MANY).fill('ok'));
    const before = (await world.wallet(org)).held;
    for (let n = 0; n < MANY; n += 1) expect((await ask(wish())).outcome).toBe('reserved');
    expect((await world.wallet(org)).held).toBe(before + MANY);
    expect(await readiness()).toBe(503);
    await line.heal();
    for (const end = Date.now() + 20_000; (await readiness()) !== 200 && Date.now() < end;) await sleep(50);
    // Nobody but the one that came back is there to answer.
    await whole.stop();
    for (const end = Date.now() + 5_000; (await balance()) !== 'ok' && Date.now() < end;) await sleep(50);
    expect(await Promise.all(Array.from({ length: MANY }, () => balance()))).toEqual(Array<string>(MANY).fill('ok'));
  }, 120_000);

  it('that stands still costs those it was to answer a moment', async () => {
    const [still, asker] = [await testPeer('billing-stars'), await testPeer('gateway')];
    // As a stopped process: it is in the group, and never answers.
    const taken: string[] = [];
    const subscription = still.connection.subscribe('rpc.*.billing-stars.>', {
      queue: 'billing-stars',
      callback: (_error, message) => void taken.push(message.subject),
    });
    await still.connection.flush();
    const answers: string[] = [];
    while (taken.length < 3) answers.push(await balance(asker));
    subscription.unsubscribe();
    await Promise.all([still.close(), asker.close()]);
    expect(answers).toEqual(Array<string>(answers.length).fill('ok'));
  }, 60_000);
});
