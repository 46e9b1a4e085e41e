import { SHOWN_EVENTS } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { ownBus, type OwnBus, testServers } from '@apollo/testing';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { setUpStreams } from '../durable/stream.deployment.js';
import { deployReader, type EventReader, eventsForReaders, readerName, streamsShown } from './event.reader.js';
import { DEPLOY } from './nats.accounts.js';
import { connectNats } from './nats.connection.js';

describe('consumers of readers from outside', () => {
  const seedFile = `${testServers().folder}/${DEPLOY}.nkey`;
  const [a, b] = [newId(), newId()];
  const partner = (orgId: string, publicKey: string): EventReader => ({ name: 'partner', orgId, publicKey });
  let bus: OwnBus;
  let deploy: NatsConnection;
  let manager: JetStreamManager;

  beforeAll(async () => {
    bus = await ownBus();
    deploy = await connectNats(DEPLOY, bus.url, seedFile);
    manager = await jetstreamManager(deploy, { checkAPI: false });
    await setUpStreams(bus.url, seedFile);
  });
  afterAll(async () => {
    await deploy?.close();
    await bus?.stop();
  });

  /** The organizations whose events a reader's consumers take. */
  async function orgsOf(reader: EventReader): Promise<Set<string>> {
    const taken = streamsShown().map(async (stream) => {
      const { config } = await manager.consumers.info(stream, readerName(reader));
      return (config.filter_subjects ?? []).map((subject) => subject.split('.')[1] as string);
    });
    return new Set((await Promise.all(taken)).flat());
  }

  it('M14 are of one organization and one key: a name that somebody had before gives nothing of theirs', async () => {
    const [before, after, otherKey] = [partner(a, 'UOLD'), partner(b, 'UNEW'), partner(a, 'UNEW')];
    for (const reader of [before, after, otherKey, before]) await deployReader(deploy, reader);
    expect(new Set([before, after, otherKey].map(readerName)).size).toBe(3);
    expect(await orgsOf(before)).toEqual(new Set([a]));
    expect(await orgsOf(after)).toEqual(new Set([b]));
  });

  it("M14 are shown what members are, but nothing of anybody's personal space", () => {
    const [shown] = SHOWN_EVENTS.filter(({ personal }) => !personal);
    expect(eventsForReaders([shown!, { ...shown!, personal: true }])).toEqual([shown]);
    expect(eventsForReaders()).toEqual(SHOWN_EVENTS.filter(({ personal }) => !personal));
  });

  it('M14 are refused, and left as they are, where one of that name has events of another organization', async () => {
    const [stream = ''] = streamsShown();
    const filters = [[`evt.${a}.orgs.org.created.v1`], ['evt.*.orgs.org.created.v1'], []];
    for (const [at, filter] of filters.entries()) {
      const reader = partner(b, `UTHIRD${at}`);
      const own = readerName(reader);
      await manager.consumers.add(stream, { durable_name: own, filter_subjects: filter });
      await expect(deployReader(deploy, reader)).rejects.toThrow(`The consumer ${own} of ${stream} is of another`);
      expect((await manager.consumers.info(stream, own)).config.filter_subjects ?? []).toEqual(filter);
    }
  });
});
