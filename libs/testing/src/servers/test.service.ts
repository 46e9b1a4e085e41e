import { join } from 'node:path';
import { GetStanding, type orgsMessages, type ServiceName, typeOf } from '@apollo/contracts';
import { Bus, connectNats, ContextTokenSigner, HEADER } from '@apollo/messaging';
import type { ProcessConfig, ServiceConfig } from '@apollo/service-kit';
import type { NatsConnection } from '@nats-io/nats-core';
import type { TestDatabase } from './test.database.js';
import { testServers } from './test.servers.js';

/** The configuration a process of this run would read from its environment. */
export function testProcessConfig(service: ServiceName): ProcessConfig {
  const servers = testServers();
  return {
    natsUrl: servers.natsUrl,
    natsNkeyFile: join(servers.folder, `${service}.nkey`),
    signingKey: servers.signingKeys[service],
    publicKeys: servers.publicKeys,
    healthHost: '127.0.0.1',
    healthPort: 0,
    logLevel: 'silent',
    production: false,
  };
}

/** The same for a service with a database; add the service's own settings with a spread. */
export function testServiceConfig(service: ServiceName, database: TestDatabase): ServiceConfig {
  return {
    ...testProcessConfig(service),
    databaseUrl: database.appUrl,
    relayUrl: database.relayUrl,
    tagKey: database.tagKey,
  };
}

/** A peer on the bus under a service's own credentials. */
export interface TestPeer {
  readonly bus: Bus;
  readonly connection: NatsConnection;
  close(): Promise<void>;
}

/**
 * Connects as a service would: `testPeer('gateway')` speaks for people, any other only for itself.
 *
 * @param url of another bus than the run's
 */
export async function testPeer(service: ServiceName, url?: string): Promise<TestPeer> {
  const config = testProcessConfig(service);
  const connection = await connectNats(service, url ?? config.natsUrl, config.natsNkeyFile);
  const bus = new Bus(service, new ContextTokenSigner(service, config.signingKey), connection);
  return { bus, connection, close: () => connection.drain() };
}

/**
 * Connects as orgs, and says of anybody whom another service asks about where they stand: an Owner, when left out.
 *
 * @param standing of a person in an organization; undefined to give no answer
 */
export async function testOrgs(
  standing: (org: string, person: string) => orgsMessages.Standing | undefined = () => ({
    status: 'active',
    role: 'owner',
  }),
): Promise<TestPeer> {
  const peer = await testPeer('orgs');
  peer.connection.subscribe(`rpc.*.${typeOf(GetStanding)}`, {
    queue: 'orgs',
    callback: (_error, message) => {
      const { user_id } = message.json<orgsMessages.MemberRequest>();
      const told = standing(message.headers?.get(HEADER.org) ?? '', user_id);
      message.headers?.set(HEADER.status, 'ok');
      if (told) message.respond(JSON.stringify(told), { headers: message.headers });
    },
  });
  await peer.connection.flush();
  return peer;
}
