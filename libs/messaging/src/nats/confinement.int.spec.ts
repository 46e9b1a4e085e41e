import { join } from 'node:path';
import { OrgChangedEvent } from '@apollo/contracts';
import { ownBus, testPeer, testServers } from '@apollo/testing';
import { errors } from '@nats-io/transport-node';
import { UnconfinedBusError } from './confinement.check.js';
import { DEPLOY, patternOf } from './nats.accounts.js';
import { natsServerConfig, type NatsServerOptions } from './nats.config.js';
import { connectNats } from './nats.connection.js';
import { setUpStreams } from '../durable/stream.deployment.js';

const seedFile = (name: string): string => join(testServers().folder, `${name}.nkey`);

/** A busy machine may take too long to turn a stranger away: that is no answer, and it is asked again. */
async function answered<T>(connect: () => Promise<T>, attempts = 3): Promise<T> {
  try {
    return await connect();
  } catch (error) {
    if (attempts === 1 || !(error instanceof errors.TimeoutError)) throw error;
    return answered(connect, attempts - 1);
  }
}

/** Starts a server with another config and says what connecting to it comes to. */
async function connecting(configText: (options: NatsServerOptions) => string): Promise<unknown[]> {
  const bus = await ownBus({ streams: false, configText });
  const outcomes = await Promise.allSettled([
    answered(() => connectNats('leads', bus.url, seedFile('leads'))).then((connection) => connection.close()),
    answered(() => connectNats('gateway', bus.url, seedFile('gateway'))).then((connection) => connection.close()),
    answered(() => setUpStreams(bus.url, seedFile(DEPLOY))),
  ]);
  await bus.stop();
  return outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : 'connected'));
}

describe('a server that grants more than the contracts say (M39)', () => {
  it('is connected to when it grants what they say: the control', async () => {
    const bus = await ownBus();
    for (const service of ['gateway', 'identity', 'orgs', 'leads', 'agents', 'billing-stars'] as const)
      await (await testPeer(service, bus.url)).close();
    await bus.stop();
  });

  it('is no place to start: without any configuration', async () => {
    const outcomes = await connecting(
      ({ storeDir }) => `listen: "127.0.0.1:-1"\njetstream { store_dir: ${JSON.stringify(storeDir)} }\n`,
    );
    for (const outcome of outcomes) {
      expect(outcome).toBeInstanceOf(UnconfinedBusError);
      expect((outcome as UnconfinedBusError).granted.join()).toMatch(/connecting without a key.*publish .*subscribe >/);
      expect(String(outcome)).toMatch(/: Have NATS load the configuration.*, connecting without a key, .* others\.$/);
      expect(String(outcome).length).toBeLessThan(500);
    }
  });

  it('is no place to start: with keys, but neither accounts nor allow-lists', async () => {
    const outcomes = await connecting(({ storeDir, publicKeys }) => {
      const users = Object.values(publicKeys).map(([key]) => `{ nkey: ${key} }`);
      return `listen: "127.0.0.1:-1"\njetstream { store_dir: ${JSON.stringify(storeDir)} }\nauthorization { users: [${users.join(', ')}] }\n`;
    });
    for (const outcome of outcomes) {
      expect(outcome).toBeInstanceOf(UnconfinedBusError);
      expect((outcome as UnconfinedBusError).granted).not.toContain('connecting without a key');
    }
  });

  it('is no place to start for whom one allow-list is one event too wide', async () => {
    const event = patternOf(OrgChangedEvent);
    const [leads, gateway, deploy] = await connecting((options) =>
      natsServerConfig(options).replace(
        /("leads" \{[^]*?publish: \{ allow: \[)/,
        (start) => `${start}${JSON.stringify(event)}, `,
      ),
    );
    expect(String(leads)).toMatch(/grants leads what it must refuse, publish evt\.\S+\.orgs\.org\.changed\.v1\.$/);
    expect([gateway, deploy]).toEqual(['connected', 'connected']);
  });

  it('is no place to start when it lets somebody in without a key', async () => {
    const [leads] = await connecting((options) =>
      natsServerConfig(options)
        .replace('  SYS { }', '  SYS { }\n  GUESTS { users: [ { user: guest, password: guest } ] }')
        .replace('system_account: SYS', 'system_account: SYS\nno_auth_user: guest'),
    );
    expect(String(leads)).toMatch(/grants leads what it must refuse, connecting without a key\.$/);
  });
});
