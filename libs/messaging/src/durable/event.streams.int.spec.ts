import { FaultProxy, ownBus, type OwnBus, testPeer, type TestPeer, testServers, twoOrgs, until } from '@apollo/testing';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connectNats } from '../nats/nats.connection.js';
import { assertStreams, deployStreams, StreamDriftError, streamConfig } from './event.streams.js';
import { setUpStreams } from './stream.deployment.js';

describe('the streams a service finds at its start', () => {
  let bus: OwnBus;
  let billing: TestPeer;
  const nkeyFile = `${testServers().folder}/deploy.nkey`;

  beforeAll(async () => {
    bus = await ownBus();
    billing = await testPeer('billing-stars', bus.url);
  });
  afterAll(async () => {
    await billing?.close();
    await bus?.stop();
  });

  it('M18 are as the contracts say, or it does not start: a limit, a filter', async () => {
    await assertStreams(billing.connection, 'billing-stars');
    const deploy = await connectNats('deploy', bus.url, nkeyFile);
    const manager = await jetstreamManager(deploy, { checkAPI: false });
    const expectDrift = (text: string): Promise<void> =>
      expect(assertStreams(billing.connection, 'billing-stars')).rejects.toThrow(text);
    await manager.consumers.update('orgs-events', 'billing-stars', { max_ack_pending: 7 });
    await expectDrift('consumer orgs-events/billing-stars differs in max_ack_pending');
    await manager.consumers.update('orgs-events', 'billing-stars', { filter_subjects: ['evt.*.orgs.org.created.v1'] });
    await expect(assertStreams(billing.connection, 'billing-stars')).rejects.toThrow(StreamDriftError);
    await manager.consumers.update('orgs-events', 'billing-stars', { filter_subjects: ['evt.>'] });
    await expectDrift('consumer orgs-events/billing-stars differs in filter_subjects');
    await setUpStreams(bus.url, nkeyFile);
    await assertStreams(billing.connection, 'billing-stars');
    await deploy.close();
  });

  it('may hold events of a later version, of the same service', async () => {
    const deploy = await connectNats('deploy', bus.url, nkeyFile);
    const manager = await jetstreamManager(deploy, { checkAPI: false });
    const { config: stream } = await manager.streams.info('orgs-events');
    const { config: consumer } = await manager.consumers.info('orgs-events', 'billing-stars');
    const later = async (subject: string): Promise<void> => {
      await manager.streams.update('orgs-events', { subjects: [...stream.subjects, subject] });
      const filters = [...(consumer.filter_subjects ?? []), subject];
      await manager.consumers.update('orgs-events', 'billing-stars', { filter_subjects: filters });
    };
    await later('evt.*.orgs.org.renamed.v1');
    await assertStreams(billing.connection, 'billing-stars');
    await later('evt.*.leads.lead.renamed.v1');
    await expect(assertStreams(billing.connection, 'billing-stars')).rejects.toThrow(
      'stream orgs-events differs in subjects; consumer orgs-events/billing-stars differs in filter_subjects',
    );
    await setUpStreams(bus.url, nkeyFile);
    await deploy.close();
  });

  it('A74 lose of each organization its own oldest events, however many it tells', async () => {
    const deploy = await connectNats('deploy', bus.url, nkeyFile);
    const manager = await jetstreamManager(deploy, { checkAPI: false });
    await manager.streams.update('orgs-events', { ...streamConfig('orgs', {}), max_msgs_per_subject: 10 });
    const orgs = await testPeer('orgs', bus.url);
    const [flooding, other] = twoOrgs();
    const tell = (org: string): Promise<unknown> =>
      jetstream(orgs.connection).publish(`evt.${org}.orgs.member.gone.v1`);
    await tell(other.id);
    for (let n = 0; n < 50; n++) await tell(flooding.id);
    const held = async (org: string): Promise<number> => {
      const { state } = await manager.streams.info('orgs-events', { subjects_filter: `evt.${org}.>` });
      return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
    };
    expect([await held(other.id), await held(flooding.id)]).toEqual([1, 10]);
    await orgs.close();
    await setUpStreams(bus.url, nkeyFile);
    await deploy.close();
  });

  it('are brought about once JetStream answers, which servers that have just started do not', async () => {
    const proxy = await FaultProxy.start({ name: 'deploy → nats', target: Number(new URL(bus.url).port) });
    const deploy = await connectNats('deploy', `nats://127.0.0.1:${proxy.port}`, nkeyFile);
    proxy.blackHole();
    const { outMsgs: sent } = deploy.stats();
    const deploying = deployStreams(deploy, {});
    // The second request says that the first has failed.
    await until(() => deploy.stats().outMsgs > sent + 1);
    await proxy.heal();
    await deploying;
    await deploy.close();
    await proxy.stop();
  }, 30_000);
});
