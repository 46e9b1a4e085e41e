import { join } from 'node:path';
import {
  type AskedContract,
  GetStanding,
  type orgsMessages,
  PostMessage,
  type ServiceName,
  typeOf,
} from '@apollo/contracts';
import { Bus, connectNats, ContextTokenSigner, GrantWriter, HEADER, MessageKeys } from '@apollo/messaging';
import type { ProcessConfig, ServiceConfig } from '@apollo/service-kit';
import { systemClock, type TenantContext } from '@apollo/tenancy';
import { headers, type Msg, type NatsConnection } from '@nats-io/nats-core';
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
    acceptsUnsealed: false,
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
  readonly keys: MessageKeys;
  /** Answers a request of another service as the service would: with an error where the reply has a `code`. */
  answer(message: Msg, reply: object): void;
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
  const keys = new MessageKeys(service, config);
  const answer = (message: Msg, reply: object): void => respond(keys, message, reply);
  return { bus: new Bus(service, keys, connection), connection, keys, answer, close: () => connection.drain() };
}

function respond({ verifier, sealer }: MessageKeys, message: Msg, reply: object): void {
  const fields = headers();
  fields.set(HEADER.status, 'code' in reply ? 'error' : 'ok');
  const body = JSON.stringify(reply);
  const said = (name: string): string => message.headers?.get(name) ?? '';
  const { answerKey } = verifier.verify(said(HEADER.context), systemClock().getTime());
  message.respond(sealer.seal(answerKey, said(HEADER.id), { fields, body }), { headers: fields });
}

/**
 * By what a service may act for a person in one piece of work, as the gateway signs it when the person asks for that.
 *
 * @param context of the person who asks
 * @param run id of the piece of work
 * @param asked with a request of this contract: a message to an agent, when left out
 * @param signingKey the gateway's own; that of the test run, when left out
 * @throws Error where nothing is granted by such a request
 */
export function testDelegation(
  context: TenantContext,
  run: string,
  asked: AskedContract = PostMessage,
  signingKey = testProcessConfig('gateway').signingKey,
): NonNullable<TenantContext['delegation']> {
  const writer = new GrantWriter(new ContextTokenSigner('gateway', signingKey));
  const grant = writer.write(asked, { signOuts: 0, ...context }, run, systemClock().getTime());
  if (!grant) throw new Error(`${typeOf(asked)} grants nothing`);
  return { service: asked.service, run, as: 'Chief of Staff', grant };
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
      if (told) peer.answer(message, told);
    },
  });
  await peer.connection.flush();
  return peer;
}
