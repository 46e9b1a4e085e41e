import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractsOf, DomainError, ListLeads, type ServiceName, typeOf } from '@apollo/contracts';
import { ownBus, type OwnBus, testOrg, testProcessConfig } from '@apollo/testing';
import { createUser, fromSeed } from '@nats-io/nkeys';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { durableEventsBetween } from '../durable/event.streams.js';
import { ContextTokenSigner, ContextTokenVerifier } from '../envelope/context.token.js';
import { MessageKeys } from '../envelope/message.keys.js';
import { MessageServer } from '../nest/message.server.js';
import { Bus } from './bus.client.js';
import { connectNats } from './nats.connection.js';

/** What one service proves itself with. */
interface Keys {
  readonly nkeyFile: string;
  readonly nkey: string;
  readonly signing: JWK;
}
/** Something that runs until it is replaced. */
interface Running {
  stop(): Promise<void>;
}

describe('the keys of services', () => {
  let bus: OwnBus;
  let folder: string;
  const org = testOrg();
  const outcomes = { answered: 0, failed: [] as string[] };
  const running: Running[] = [];

  beforeAll(async () => {
    [bus, folder] = await Promise.all([ownBus({ streams: false }), mkdtemp(join(tmpdir(), 'apollo-keys-'))]);
  });
  afterAll(async () => {
    await Promise.all(running.map((each) => each.stop()));
    await bus?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function present(service: ServiceName): Promise<Keys> {
    const { natsNkeyFile, signingKey } = testProcessConfig(service);
    const seed = new TextEncoder().encode((await readFile(natsNkeyFile, 'utf8')).trim());
    return { nkeyFile: natsNkeyFile, nkey: fromSeed(seed).getPublicKey(), signing: signingKey };
  }
  async function fresh(service: ServiceName): Promise<Keys> {
    const user = createUser();
    const nkeyFile = join(folder, `${service}.nkey`);
    await writeFile(nkeyFile, user.getSeed(), { mode: 0o600 });
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
    return {
      nkeyFile,
      nkey: user.getPublicKey(),
      signing: { ...(await exportJWK(privateKey)), kid: `${service}.2` },
    };
  }
  const publicPart = ({ d: _secret, ...rest }: JWK): JWK => rest;
  const jwksOf = (...keys: Keys[]): JWK[] => keys.map(({ signing }) => publicPart(signing));

  /** A replica of leads that answers whoever it believes. */
  async function replica({ nkeyFile, signing }: Keys, jwks: readonly JWK[]): Promise<Running> {
    const connection = await connectNats('leads', bus.url, nkeyFile);
    const server = new MessageServer({
      service: 'leads',
      connection,
      keys: new MessageKeys('leads', { signingKey: signing, publicKeys: jwks }),
      observer: { handled: () => undefined, rejected: () => undefined, failed: () => undefined },
    });
    for (const contract of [...contractsOf('leads'), ...durableEventsBetween('orgs', 'leads')])
      server.addHandler(typeOf(contract), async () => ({ items: [] }));
    await new Promise<void>((resolve, reject) =>
      server.listen((error) => (error ? reject(error as Error) : resolve())),
    );
    return {
      stop: async () => {
        await server.close();
        await connection.drain();
      },
    };
  }

  /** A process of the gateway that asks without a pause. */
  async function caller({ nkeyFile, signing }: Keys, jwks: readonly JWK[]): Promise<Running> {
    const connection = await connectNats('gateway', bus.url, nkeyFile);
    const client = new Bus(
      'gateway',
      new MessageKeys('gateway', { signingKey: signing, publicKeys: jwks }),
      connection,
    );
    let stopped = false;
    const ask = async (): Promise<void> => {
      while (!stopped) {
        await org
          .as(() => client.request(ListLeads, {}))
          .then(
            () => void (outcomes.answered += 1),
            (error: unknown) => outcomes.failed.push(error instanceof DomainError ? error.code : String(error)),
          );
      }
    };
    const asking = Array.from({ length: 8 }, ask);
    return {
      stop: async () => {
        stopped = true;
        await Promise.all(asking);
        await connection.drain();
      },
    };
  }

  /** Replaces what runs, one after the other: the new one is there before the old one goes. */
  async function replace(fleet: Running[], start: () => Promise<Running>): Promise<void> {
    for (const [place, old] of fleet.entries()) {
      fleet[place] = await start();
      await old.stop();
    }
    running.splice(0, running.length, ...fleets.flat());
  }
  const fleets: Running[][] = [];
  const underLoad = async (): Promise<void> => {
    for (const from = outcomes.answered; outcomes.answered < from + 200;)
      await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it('are exchanged, for NATS and for signatures, while requests go on: none fails', async () => {
    const old = { gateway: await present('gateway'), leads: await present('leads') };
    const next = { gateway: await fresh('gateway'), leads: await fresh('leads') };
    const before = jwksOf(old.gateway, old.leads);
    const both = jwksOf(old.gateway, old.leads, next.gateway, next.leads);
    const after = jwksOf(next.gateway, next.leads);
    const leads = [await replica(old.leads, before), await replica(old.leads, before)];
    const gateways = [await caller(old.gateway, before), await caller(old.gateway, before)];
    fleets.push(gateways, leads);
    await underLoad();

    // Everybody gets to know the new keys.
    await bus.reload({ gateway: [old.gateway.nkey, next.gateway.nkey], leads: [old.leads.nkey, next.leads.nkey] });
    await replace(leads, () => replica(old.leads, both));
    await replace(gateways, () => caller(old.gateway, both));
    await underLoad();
    // Each service uses its new ones.
    await replace(leads, () => replica(next.leads, both));
    await replace(gateways, () => caller(next.gateway, both));
    await underLoad();
    // Everybody forgets the old ones.
    await bus.reload({ gateway: [next.gateway.nkey], leads: [next.leads.nkey] });
    await replace(leads, () => replica(next.leads, after));
    await replace(gateways, () => caller(next.gateway, after));
    await underLoad();

    expect(outcomes.failed).toEqual([]);
    expect(outcomes.answered).toBeGreaterThan(800);
    await expect(connectNats('gateway', bus.url, old.gateway.nkeyFile)).rejects.toThrow(/authorization/i);
    const token = new ContextTokenSigner('gateway', old.gateway.signing).sign(
      { scope: 'org', orgId: org.id, actor: org.owner, role: 'owner', requestId: 'x' },
      ['leads'],
      Date.now(),
    );
    expect(new ContextTokenVerifier('leads', both).verify(token, Date.now()).issuer).toBe('gateway');
    expect(() => new ContextTokenVerifier('leads', after).verify(token, Date.now())).toThrow('not valid');
  }, 120_000);
});
