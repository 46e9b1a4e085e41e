import { setTimeout as sleep } from 'node:timers/promises';
import {
  Activate,
  CreateInvitedAccount,
  DomainError,
  type ErrorCode,
  IssueAccessGrant,
  Login,
  type identityMessages as messages,
  PurgeIdentity,
  type purgeMessages,
  type RequestContract,
} from '@apollo/contracts';
import { type MailInbox, type MailMessage, startMailInbox } from '@apollo/servers';
import { type RunningService, startService } from '@apollo/service-kit';
import { newId, runInTenantContext } from '@apollo/tenancy';
import {
  asPerson,
  asPlatform,
  testDatabase,
  type TestDatabase,
  type TestOrg,
  testPeer,
  type TestPeer,
  testServiceConfig,
} from '@apollo/testing';
import type { IdentityConfig } from '../config.js';
import { identityModule } from '../identity.module.js';
import { identitySchema } from '../identity.schema.js';

/** The key that the world's identity seals under. */
export const SEALING_KEY = '5e'.repeat(32);
export const PASSWORD = 'violet harbour 42 lamps';
/** Where requests of these specs come from, unless they say otherwise. */
export const HOME = '192.0.2.10';

/** Somebody with an account. */
export interface TestPerson {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

/**
 * The identity service, running, with the gateway's and orgs' connections to the bus, a real inbox and a clock to move.
 */
export class IdentityWorld {
  private ahead = 0;
  private heldAt: number | undefined;
  readonly operator = newId();

  private constructor(
    readonly test: TestDatabase,
    readonly config: IdentityConfig,
    private service: RunningService,
    readonly gateway: TestPeer,
    private readonly orgs: TestPeer,
    readonly inbox: MailInbox,
  ) {}

  /** @param time `held` lets time pass for the service only when the spec says so */
  static async start(time: 'flowing' | 'held' = 'flowing'): Promise<IdentityWorld> {
    const startedAt = Date.now();
    const test = await testDatabase(identitySchema);
    const inbox = await startMailInbox();
    const config: IdentityConfig = {
      ...testServiceConfig('identity', test),
      smtpUrl: inbox.smtpUrl,
      mailFrom: 'Apollo Space <no-reply@apollo.test>',
      publicUrl: 'http://apollo.test',
      sealingKey: SEALING_KEY,
    };
    const world: { clock: () => Date } = { clock: () => new Date(startedAt) };
    const service = await startIdentity(config, () => world.clock());
    const made = new IdentityWorld(test, config, service, await testPeer('gateway'), await testPeer('orgs'), inbox);
    if (time === 'held') made.heldAt = startedAt;
    world.clock = () => made.now();
    return made;
  }

  /** What time it is for the service. */
  now(): Date {
    return new Date((this.heldAt ?? Date.now()) + this.ahead);
  }

  /** From here on time passes for the service only when a spec says so. */
  holdTime(): void {
    this.heldAt = Date.now();
  }

  /** Lets time pass for the service, in milliseconds. */
  pass(ms: number): void {
    this.ahead += ms;
  }

  /** Stops the service and starts it anew on the same database. */
  async restart(): Promise<void> {
    await this.service.stop();
    this.service = await startIdentity(this.config, () => this.now());
  }

  /** A second instance beside the first. */
  anotherInstance(): Promise<RunningService> {
    return startIdentity(this.config, () => this.now());
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await Promise.all([this.gateway.close(), this.orgs.close(), this.inbox.stop(), this.test.drop()]);
  }

  /** As somebody who is not signed in, or as an operator. */
  ask<Q extends object, R extends object>(
    contract: RequestContract<Q, R>,
    payload: Q,
    options: { operator?: string; key?: string } = {},
  ): Promise<R> {
    return asPlatform(
      () => this.gateway.bus.request(contract, payload, { idempotencyKey: options.key, timeoutMs: 20_000 }),
      options.operator,
    );
  }

  /** As a signed-in person; without a session, as a gateway of the release before, which does not say by which. */
  as<Q extends object, R extends object>(
    person: { id: string; session?: string },
    contract: RequestContract<Q, R>,
    payload: Q,
    key?: string,
  ): Promise<R> {
    const ask = () => this.gateway.bus.request(contract, payload, { idempotencyKey: key });
    return asPerson(person.id, ask, person.session);
  }

  /** As the orgs service. */
  asOrgs<Q extends object, R extends object>(contract: RequestContract<Q, R>, payload: Q): Promise<R> {
    const context = {
      scope: 'platform',
      orgId: null,
      actor: 'system:orgs',
      role: 'system',
      requestId: newId(),
    } as const;
    return runInTenantContext(context, () => this.orgs.bus.request(contract, payload));
  }

  /** What identity has purged of an organization, once orgs has asked it to. */
  purge(org: TestOrg): Promise<purgeMessages.PurgeReceipt> {
    return org.as(() => this.orgs.bus.request(PurgeIdentity, {}), { actor: 'system:orgs', role: 'system' });
  }

  login(who: { email: string }, more: Partial<messages.LoginRequest> = {}): Promise<messages.TokenPair> {
    return this.ask(Login, { email: who.email, password: PASSWORD, address: HOME, ...more });
  }

  /** Somebody with an account and the usual password. */
  person(name = 'person'): Promise<TestPerson> {
    return this.asOrgs(CreateInvitedAccount, { email: anAddress(name), name, password: PASSWORD });
  }

  /** Somebody whom an operator has let in. */
  async granted(email = anAddress('granted')): Promise<TestPerson> {
    await this.ask(IssueAccessGrant, { email }, { operator: this.operator });
    return this.ask(Activate, { token: await this.token(email), name: 'Granted', password: PASSWORD });
  }

  /** The token of the `nth` mail with a link to an address, from 1; waits for it. */
  async token(email: string, nth = 1): Promise<string> {
    const mail = await this.mail(email, (mails) => mails.filter(({ links }) => links[0]?.includes('#token='))[nth - 1]);
    return new URLSearchParams(new URL(mail.links[0] ?? '').hash.slice(1)).get('token') ?? '';
  }

  /** The mail that `pick` finds among those to an address; waits for it. */
  async mail(email: string, pick: (mails: readonly MailMessage[]) => MailMessage | undefined): Promise<MailMessage> {
    for (let tries = 0; tries < 800; tries += 1) {
      const found = pick(this.inbox.messages(email.toLowerCase()));
      if (found) return found;
      await sleep(25);
    }
    throw new Error(`no such mail to ${email}`);
  }

  /** What the security events of a person say, oldest first; waits until there are `count`. */
  async events(person: { id: string }, count = 0): Promise<string[]> {
    for (let tries = 0; ; tries += 1) {
      const rows = await this.test.admin(
        'select kind from identity.security_events where user_id = $1 order by at, id',
        [person.id],
      );
      if (rows.length >= count || tries > 100) return rows.map((row) => String(row['kind']));
      await sleep(25);
    }
  }
}

function startIdentity(config: IdentityConfig, clock: () => Date): Promise<RunningService> {
  return startService({ name: 'identity', schema: identitySchema, config, module: identityModule(config, clock) });
}

/** An address nobody else has. */
export function anAddress(name: string): string {
  return `${name}-${newId().slice(-12)}@Example.test`;
}

/** The code a request ends with; `ok` for a reply. */
export async function codeOf(request: Promise<unknown>): Promise<ErrorCode | 'ok'> {
  try {
    await request;
    return 'ok';
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.code;
  }
}

/** Everything a caller is told when a request fails, as text. */
export async function toldBy(request: Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await request);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return JSON.stringify({ code: error.code, detail: error.detail, fields: error.fields });
  }
}

/** The claims inside a token, unchecked. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}
