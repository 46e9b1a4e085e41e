import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AccessChangedEvent,
  CATALOG,
  CheckSession,
  type Contract,
  contractsOf,
  DomainError,
  GetSigningKeys,
  RecordDenial,
  type RequestContract,
  ResolveAccess,
  type Role,
  type ServiceName,
  SessionRevokedEvent,
  typeOf,
} from '@apollo/contracts';
import { loadSecrets, writeKeyFiles } from '@apollo/operate';
import {
  Bus,
  connectNats,
  type Grant,
  handledMessage,
  LiveAudience,
  LiveFrames,
  MessageKeys,
  MessageServer,
  natsServerConfig,
} from '@apollo/messaging';
import { startNats } from '@apollo/servers';
import { until } from '@apollo/testing';
import { currentTenant, newId, runInTenantContext, type TenantContext } from '@apollo/tenancy';
import type { Type } from '@nestjs/common';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { DEFAULT_LIMITS, type GatewayConfig, type Limits } from '../config.js';
import { type RunningGateway, startGateway } from '../gateway.start.js';

/** What a peer was asked, and for whom. */
export interface Received {
  readonly type: string;
  readonly payload: Record<string, unknown>;
  readonly context: TenantContext;
  readonly idempotencyKey: string;
  /** What the person granted with it. */
  readonly grant: Grant | undefined;
}

/** Answers one message type in place of the default. */
export type Answer = (payload: never, context: TenantContext) => unknown;

interface Membership {
  role: Role;
  version: number;
}
interface Session {
  userId: string;
  active: boolean;
  mfa: boolean;
  operator: boolean;
  /** Left out by an identity of the release before. */
  sign_outs?: number;
}
export interface Org {
  readonly id: string;
  readonly slug: string;
  status: 'active' | 'suspended';
  mfaRequired: boolean;
  readonly members: Map<string, Membership>;
  readonly canary: string;
}

/** A person with a session. */
export interface Person {
  readonly id: string;
  readonly session: Session;
  readonly bearer: string;
}

/** One process's keys for the bus. */
type Keys = { nkey: string; signing: JWK };

/** A gateway with its own NATS, and peers that answer for every service under their own keys. */
export class World {
  readonly received: Received[] = [];
  readonly answers = new Map<string, Answer>();
  /** What each service shows to whoever watches. */
  readonly frames = new Map<ServiceName, LiveFrames>();
  readonly orgs = new Map<string, Org>();
  readonly sessions = new Map<string, Session>();
  gateway!: RunningGateway;
  private readonly closers: (() => Promise<unknown>)[] = [];
  private readonly buses = new Map<ServiceName, Bus>();
  private readonly listeners = new Map<ServiceName, { close(): Promise<void> }>();
  private config!: GatewayConfig;
  /** What identity publishes. */
  jwks: JWK[] = [];
  signer!: { key: CryptoKey; kid: string };

  static async start(options: { limits?: Partial<Limits>; modules?: readonly Type[] } = {}): Promise<World> {
    const world = new World();
    try {
      await world.begin(options);
    } catch (error) {
      await world.stop();
      throw error;
    }
    return world;
  }

  get url(): string {
    return `http://127.0.0.1:${this.gateway.httpPort}`;
  }

  /** Sends a request; a body that is no string goes out as JSON. */
  async ask(
    method: string,
    path: string,
    options: { as?: Person; token?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<{ status: number; headers: Headers; text: string; json: Record<string, unknown> }> {
    const { as, token = as?.bearer, body } = options;
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      redirect: 'manual',
    });
    const text = await response.text();
    const json =
      /json/.test(response.headers.get('content-type') ?? '') && text
        ? (JSON.parse(text) as Record<string, unknown>)
        : {};
    return { status: response.status, headers: response.headers, text, json };
  }

  /**
   * Sends the second piece of a body once something has happened, after the guard has let its head in.
   *
   * @param place what is let in by the same answers as the path below it, or as any, where it is `/v1/me`
   * @returns the status of the answer
   */
  async sendLate(
    as: Person,
    place: string,
    path: string,
    type: string,
    [first, rest]: readonly [string, string],
    meanwhile: () => Promise<void>,
  ): Promise<number> {
    const isMine = place === '/v1/me';
    this.received.length = 0;
    const pieces = async function* (this: World): AsyncGenerator<Uint8Array> {
      yield Buffer.from(first);
      await until(async () => this.asked(isMine ? CheckSession : ResolveAccess).length > 0);
      await this.ask('GET', place, { as });
      await meanwhile();
      yield Buffer.from(rest);
    }.bind(this);
    const headers = { authorization: `Bearer ${as.bearer}`, 'content-type': type };
    const request = { method: 'POST', headers, body: ReadableStream.from(pieces()), duplex: 'half' } as RequestInit;
    return (await fetch(this.url + (isMine ? path : place + path), request)).status;
  }

  async person(more: Partial<Session> = {}): Promise<Person> {
    const id = newId();
    const sid = newId();
    const session: Session = { userId: id, active: true, mfa: false, operator: false, ...more };
    this.sessions.set(sid, session);
    return { id, session, bearer: await this.token({ sub: id, sid }) };
  }

  /** An access token as identity signs it; any part may be spoilt. */
  async token(
    claims: Record<string, unknown>,
    options: { kid?: string; key?: CryptoKey | Uint8Array; alg?: string; header?: object } = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const full = { iss: 'apollo-identity', aud: 'apollo-gateway', iat: now, exp: now + 600, ...claims };
    return new SignJWT(full)
      .setProtectedHeader({ alg: options.alg ?? 'EdDSA', kid: options.kid ?? this.signer.kid, ...options.header })
      .sign(options.key ?? this.signer.key);
  }

  org(members: Record<string, Role> = {}): Org {
    const id = newId();
    const slug = `org-${randomUUID().slice(0, 8)}`;
    const org: Org = { id, slug, status: 'active', mfaRequired: false, members: new Map(), canary: `canary-${id}` };
    for (const [userId, role] of Object.entries(members)) org.members.set(userId, { role, version: 1 });
    this.orgs.set(slug, org);
    return org;
  }

  asked(contract: RequestContract): Received[] {
    return this.received.filter(({ type }) => type === typeOf(contract));
  }

  answer(contract: RequestContract, fn: Answer): void {
    this.answers.set(typeOf(contract), fn);
  }

  /** Tells the gateway that access to an organization changed, as orgs does. */
  async announceAccessChanged(org: Org, userId: string | null): Promise<void> {
    const context: TenantContext = {
      scope: 'org',
      orgId: org.id,
      actor: 'system:orgs',
      role: 'system',
      requestId: newId(),
    };
    await runInTenantContext(context, async () => this.bus('orgs').announce(AccessChangedEvent, { user_id: userId }));
    await this.settled('orgs');
  }

  async announceSessionRevoked(userId: string): Promise<void> {
    const context: TenantContext = {
      scope: 'platform',
      orgId: null,
      actor: 'system:identity',
      role: 'system',
      requestId: newId(),
    };
    await runInTenantContext(context, async () =>
      this.bus('identity').announce(SessionRevokedEvent, { user_id: userId }),
    );
    await this.settled('identity');
  }

  /** Takes a service away from the bus. */
  async silence(service: ServiceName): Promise<void> {
    await this.listeners.get(service)?.close();
    this.listeners.delete(service);
  }

  /** Brings it back. */
  async listen(service: ServiceName): Promise<void> {
    const config = this.configs.get(service) as Keys;
    const connection = await connectNats(service, this.config.natsUrl, config.nkey);
    this.closers.unshift(() => connection.close());
    const keys = new MessageKeys(service, { signingKey: config.signing, publicKeys: this.config.publicKeys });
    const audience = new LiveAudience();
    this.frames.set(service, new LiveFrames(audience, connection, keys.sealer));
    const server = new MessageServer({
      service,
      connection,
      keys,
      audience,
      observer: {
        handled: () => undefined,
        rejected: () => undefined,
        failed: (_type, _id, error) => this.failures.push(error),
      },
    });
    for (const contract of contractsOf(service)) {
      if (isRequest(contract))
        server.addHandler(typeOf(contract), async (payload: object) => this.handle(contract, payload));
    }
    for (const contract of durableEventsFor(service)) server.addHandler(typeOf(contract), async () => undefined, true);
    await new Promise<void>((resolve, reject) =>
      server.listen((error) => (error ? reject(error as Error) : resolve())),
    );
    this.buses.set(service, new Bus(service, keys, connection));
    this.listeners.set(service, server);
    this.flushes.set(service, () => connection.flush());
  }

  async newSigningKey(kid: string): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    this.signer = { key: privateKey as CryptoKey, kid };
    this.jwks = [...this.jwks, { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' }];
  }

  /** A gateway of the same platform with other settings. */
  async anotherGateway(change: { limits?: Partial<Limits>; modules?: readonly Type[] }): Promise<RunningGateway> {
    return startGateway({ ...this.config, limits: { ...this.config.limits, ...change.limits } }, change.modules);
  }

  async stop(): Promise<void> {
    for (const close of this.closers) await close().catch(() => undefined);
  }

  readonly failures: unknown[] = [];
  private readonly answered = new Map<string, Promise<unknown>>();
  private readonly configs = new Map<ServiceName, Keys>();
  private readonly flushes = new Map<ServiceName, () => Promise<void>>();

  private bus(service: ServiceName): Bus {
    return this.buses.get(service) as Bus;
  }

  private async settled(service: ServiceName): Promise<void> {
    await this.flushes.get(service)?.();
    // The gateway's own round trip to the server comes after what the server sent it before.
    await fetch(`${this.url}/readyz`);
  }

  private async begin({ limits, modules }: { limits?: Partial<Limits>; modules?: readonly Type[] }): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'apollo-gateway-'));
    this.closers.push(() => rm(folder, { recursive: true, force: true }));
    const secrets = await loadSecrets(join(folder, 'secrets.json'));
    const files = await writeKeyFiles(folder, secrets);
    const publicKeys = Object.fromEntries(
      Object.entries(secrets.natsKeys).map(([service, { publicKey }]) => [service, [publicKey]]),
    );
    const configText = natsServerConfig({
      host: '127.0.0.1',
      port: -1,
      storeDir: join(folder, 'jetstream'),
      publicKeys,
    });
    const nats = await startNats({ configText, dir: join(folder, 'nats'), ownGroup: false });
    this.closers.unshift(() => nats.stop());
    for (const [service, { nkey }] of Object.entries(files))
      this.configs.set(service as ServiceName, { nkey, signing: secrets.contextKeys[service] as JWK });
    const jwks = JSON.parse(await readFile((files['gateway'] as { publicKeys: string }).publicKeys, 'utf8')) as {
      keys: JWK[];
    };
    this.config = {
      natsUrl: nats.url,
      natsNkeyFile: (this.configs.get('gateway') as Keys).nkey,
      signingKey: secrets.contextKeys['gateway'] as JWK,
      publicKeys: jwks.keys,
      acceptsUnsealed: false,
      healthHost: '127.0.0.1',
      healthPort: 0,
      logLevel: 'silent',
      production: false,
      httpHost: '127.0.0.1',
      httpPort: 0,
      trustProxy: false,
      limits: { ...DEFAULT_LIMITS, perAddress: 0, perAddressUnknown: 0, perOrg: 0, ...limits },
    };
    await this.newSigningKey('key-1');
    for (const service of ['identity', 'orgs', 'leads', 'agents', 'billing-stars'] as const) await this.listen(service);
    this.gateway = await startGateway(this.config, modules);
    this.closers.unshift(() => this.gateway.stop());
  }

  /** A message that comes again, as it does where an answer is late, is one message: services do it once as well. */
  private async handle(contract: RequestContract, payload: object): Promise<unknown> {
    const { id = newId(), idempotencyKey = '' } = handledMessage()?.envelope ?? {};
    const answer = this.answered.get(id) ?? this.handleOnce(contract, payload, idempotencyKey);
    this.answered.set(id, answer);
    return answer.catch((error: unknown) => {
      this.answered.delete(id);
      throw error;
    });
  }

  private async handleOnce(contract: RequestContract, payload: object, idempotencyKey: string): Promise<unknown> {
    const context = currentTenant();
    this.received.push({
      type: typeOf(contract),
      payload: payload as Record<string, unknown>,
      context,
      idempotencyKey,
      grant: handledMessage()?.envelope.granted?.grant,
    });
    const own = this.answers.get(typeOf(contract));
    return own ? own(payload as never, context) : this.byDefault(contract, payload as Record<string, string>);
  }

  private byDefault(contract: RequestContract, payload: Record<string, string>): unknown {
    switch (contract) {
      case GetSigningKeys:
        return { keys: this.jwks };
      case CheckSession: {
        const { active, mfa, operator, sign_outs } = this.sessions.get(payload['id'] ?? '') ?? {
          active: false,
          mfa: false,
          operator: false,
          sign_outs: undefined,
        };
        return { active, mfa, operator, sign_outs };
      }
      case ResolveAccess: {
        const org = this.orgs.get(payload['slug'] ?? '');
        const membership = org?.members.get(payload['user_id'] ?? '');
        if (!org || !membership) throw new DomainError('org_not_found', org ? 'not a member' : 'no such slug');
        return {
          org_id: org.id,
          role: membership.role,
          status: org.status,
          mfa_required: org.mfaRequired,
          membership_version: membership.version,
        };
      }
      case RecordDenial:
        return { done: true };
      default:
        return { done: true, answered: typeOf(contract) };
    }
  }
}

/** What a service must react to before it may listen; nobody tells of anything here. */
function durableEventsFor(service: ServiceName): Contract[] {
  return [...CATALOG.values()].filter(
    (contract) => contract.kind === 'event' && contract.delivery === 'durable' && contract.consumers.includes(service),
  );
}

/** Every request contract, for specs that go through all of them. */
export function requestContracts(): RequestContract[] {
  return [...CATALOG.values()].filter(isRequest);
}

function isRequest(contract: Contract): contract is RequestContract {
  return contract.kind === 'query' || contract.kind === 'command';
}
