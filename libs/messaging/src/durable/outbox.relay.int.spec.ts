import { OrgCreatedEvent } from '@apollo/contracts';
import { OutboxDatabase } from '@apollo/tenancy/postgres';
import {
  ownBus,
  type OwnBus,
  specimenSchema,
  testDatabase,
  type TestDatabase,
  testOrg,
  type TestOrg,
  testPeer,
  type TestPeer,
  testProcessConfig,
  testServers,
  twoOrgs,
  until,
} from '@apollo/testing';
import { AT_ONCE, PER_SECOND } from './event.limit.js';
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

  it('A74 publishes what one organization writes at a bounded rate, and what others write meanwhile at once', async () => {
    await setUpStreams(bus.url, `${testServers().folder}/deploy.nkey`);
    const [flooding, other] = twoOrgs();
    const published = async ({ id }: TestOrg): Promise<number> =>
      (await test.admin('select 1 from specimen.outbox where org_id = $1 and published_at is not null', [id])).length;
    const begun = performance.now();
    await test.admin(
      `insert into specimen.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
       select $1::uuid, uuidv7(), 'orgs.member.gone.v1', 'member', gen_random_uuid(), 1, 'x', 'r', '{}', now() - interval '1 minute', 1
       from generate_series(1, 5000)`,
      [flooding.id],
    );
    await until(async () => (await published(flooding)) >= AT_ONCE);
    await other.as(() =>
      new Outbox(test.database, 'specimen', () => relay.wake()).emit(OrgCreatedEvent, other.id, {
        slug: 'y',
        time_zone: 'UTC',
        currency: 'EUR',
        status: 'active',
      }),
    );
    await until(async () => (await published(other)) === 1);
    // Long enough for a relay without a limit to publish most of it.
    await until(() => performance.now() - begun > 3_000);
    const took = await published(flooding);
    // Two batches were on their way when the limit was reached.
    expect(took).toBeLessThan(AT_ONCE + 200 + (PER_SECOND * (performance.now() - begun)) / 1_000);
    await until(async () => (await published(flooding)) > took);
  }, 60_000);
});
