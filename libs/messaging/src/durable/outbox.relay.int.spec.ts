import { OrgCreatedEvent } from '@apollo/contracts';
import { OutboxDatabase } from '@apollo/tenancy/postgres';
import {
  ownBus,
  type OwnBus,
  specimenSchema,
  testDatabase,
  type TestDatabase,
  testOrg,
  testPeer,
  type TestPeer,
  testProcessConfig,
  testServers,
  until,
} from '@apollo/testing';
import { EventSigner } from './event.seal.js';
import { Outbox } from './outbox.js';
import { OutboxRelay } from './outbox.relay.js';
import { setUpStreams } from './stream.deployment.js';

describe('a relay', () => {
  let test: TestDatabase;
  let bus: OwnBus;
  let orgs: TestPeer;
  let relay: OutboxRelay;
  let failures = 0;

  beforeAll(async () => {
    test = await testDatabase(await specimenSchema());
    bus = await ownBus({ streams: false });
    orgs = await testPeer('orgs', bus.url);
    const observer = { published: () => undefined, failed: () => void (failures += 1), refused: () => undefined };
    relay = new OutboxRelay(
      'orgs',
      new OutboxDatabase(test.relayUrl, 'specimen'),
      orgs.connection,
      new EventSigner('orgs', testProcessConfig('orgs').signingKey),
      observer,
    );
    relay.start();
  }, 60_000);
  afterAll(async () => {
    await relay?.stop();
    await orgs?.close();
    await bus?.stop();
    await test?.drop();
  });

  it('M24 M32 keeps what JetStream does not take, and publishes it by itself when it does', async () => {
    const org = testOrg();
    const waiting = async (): Promise<number> =>
      (await test.admin('select 1 from specimen.outbox where org_id = $1 and published_at is null', [org.id])).length;
    await org.as(() =>
      new Outbox(test.database, 'specimen', () => relay.wake()).emit(OrgCreatedEvent, org.id, {
        slug: 'x',
        time_zone: 'UTC',
        currency: 'EUR',
        status: 'active',
      }),
    );
    await until(() => failures > 1);
    expect(await waiting()).toBe(1);
    await setUpStreams(bus.url, `${testServers().folder}/deploy.nkey`);
    await until(async () => (await waiting()) === 0);
  }, 60_000);
});
