import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateInvitation,
  CreateOrg,
  DomainError,
  type orgsMessages,
  type RequestContract,
  ResolveAccess,
  AcceptInvitation,
  type Role,
} from '@apollo/contracts';
import { type MailInbox, type MailMessage, startMailInbox } from '@apollo/servers';
import { type RunningService, startService } from '@apollo/service-kit';
import { newId, runInTenantContext } from '@apollo/tenancy';
import {
  asPerson,
  asPlatform,
  orgContext,
  testDatabase,
  type TestDatabase,
  testPeer,
  type TestPeer,
  testServiceConfig,
  until,
} from '@apollo/testing';
import type { OrgsConfig } from '../config.js';
import { OrgsModule } from '../orgs.module.js';
import { ORGS_PER_ACCOUNT } from '../orgs/org.rules.js';
import { orgsSchema } from '../orgs.schema.js';
import { IdentityPeer, type KnownPerson } from './identity.peer.spec.js';

/** An organization of a spec. */
export interface WorldOrg {
  readonly id: string;
  readonly slug: string;
  readonly owner: KnownPerson;
}

/** How a request ends: with a reply, or with a stable code and everything the caller is told. */
export interface Outcome<Reply> {
  readonly code: string;
  readonly reply?: Reply;
  readonly told?: string;
}

/** The orgs service, running, with a gateway's and identity's connections to the bus and a real inbox. */
export class OrgsWorld {
  private constructor(
    readonly test: TestDatabase,
    readonly config: OrgsConfig,
    public service: RunningService,
    readonly gateway: TestPeer,
    readonly identity: IdentityPeer,
    readonly inbox: MailInbox,
  ) {}

  static async start(): Promise<OrgsWorld> {
    // In the order of their names, as everywhere: two who wait for each other's turn would wait for good.
    const identity = await IdentityPeer.start();
    const test = await testDatabase(orgsSchema, { poolSize: 2 });
    const inbox = await startMailInbox();
    const config = {
      ...testServiceConfig('orgs', test),
      smtpUrl: inbox.smtpUrl,
      mailFrom: 'Apollo Space <no-reply@apollo.test>',
      publicUrl: 'http://apollo.test',
      orgsPerAccount: ORGS_PER_ACCOUNT,
    };
    return new OrgsWorld(test, config, await startOrgs(config), await testPeer('gateway'), identity, inbox);
  }

  /** Stops the service and starts it anew on the same database. */
  async restart(): Promise<void> {
    await this.service.stop();
    this.service = await startOrgs(this.config);
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await Promise.all([this.gateway.close(), this.inbox.stop(), this.identity.stop(), this.test.drop()]);
  }

  /** As a person without an organization. */
  asSelf<Q extends object, R extends object>(
    person: { id: string },
    contract: RequestContract<Q, R>,
    payload: Q,
    key?: string,
  ): Promise<R> {
    return asPerson(person.id, () => this.gateway.bus.request(contract, payload, { idempotencyKey: key }));
  }

  /** As the platform: anonymous, or an operator. */
  asPlatform<Q extends object, R extends object>(
    contract: RequestContract<Q, R>,
    payload: Q,
    operator?: string,
    key?: string,
  ): Promise<R> {
    return asPlatform(() => this.gateway.bus.request(contract, payload, { idempotencyKey: key }), operator);
  }

  /** As a gateway that remembers `role`, rightly or not. */
  asRole<Q extends object, R extends object>(
    org: WorldOrg,
    person: { id: string },
    role: Role,
    contract: RequestContract<Q, R>,
    payload: Q,
    key?: string,
  ): Promise<R> {
    return runInTenantContext(orgContext(org.id, person.id, role), () =>
      this.gateway.bus.request(contract, payload, { idempotencyKey: key }),
    );
  }

  /** As the gateway does it: resolve access, then ask. */
  async asMember<Q extends object, R extends object>(
    org: WorldOrg,
    person: { id: string },
    contract: RequestContract<Q, R>,
    payload: Q,
    key?: string,
  ): Promise<R> {
    const access = await this.access(org.slug, person);
    return this.asRole(org, person, access.role as Role, contract, payload, key);
  }

  access(slug: string, person: { id: string }): Promise<orgsMessages.Access> {
    return this.asPlatform(ResolveAccess, { slug, user_id: person.id });
  }

  /** A new organization with an Owner of its own. */
  async org(name = 'org', owner = this.identity.person(`owner-of-${name}`)): Promise<WorldOrg> {
    // Letters alone: a name with many digits is taken for a phone number, and stands in no mail.
    const unlike = newId()
      .slice(-10)
      .replace(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));
    const slug = `${name}-${unlike}`;
    const { id } = await this.asSelf(owner, CreateOrg, { slug, name: `${name} canary-${slug}` });
    return { id, slug, owner };
  }

  /** A person who was invited by mail and has accepted. */
  async member(org: WorldOrg, role: Role, person = this.identity.person(role)): Promise<KnownPerson> {
    const token = await this.invite(org, org.owner, person.email, role);
    await this.asSelf(person, AcceptInvitation, { token });
    return person;
  }

  /** Invites an address and gives the token that was mailed to it. */
  async invite(org: WorldOrg, by: { id: string }, email: string, role: Role): Promise<string> {
    return (await this.mailed(email, () => this.asMember(org, by, CreateInvitation, { email, role }))).token;
  }

  /** What `look` gives once that is `enough`. */
  async once<T>(look: () => Promise<T>, enough: (seen: T) => boolean): Promise<T> {
    let seen!: T;
    const isEnough = async (): Promise<boolean> => enough((seen = await look()));
    await until(isEnough, { state: () => JSON.stringify(seen) });
    return seen;
  }

  /** Runs `cause` and waits for the mail it sends to an address. */
  async mailed(email: string, cause: () => Promise<unknown>): Promise<{ token: string; mail: MailMessage }> {
    const seen = this.inbox.messages(email.toLowerCase()).length;
    await cause();
    for (let tries = 0; tries < 200; tries += 1) {
      const mail = this.inbox.messages(email.toLowerCase())[seen];
      if (mail)
        return { token: new URLSearchParams(new URL(mail.links[0] ?? '').hash.slice(1)).get('token') ?? '', mail };
      await sleep(25);
    }
    throw new Error(`no mail to ${email}`);
  }

  /** Audit entries of an organization as the database holds them, oldest first. */
  audit(org: WorldOrg): Promise<Record<string, unknown>[]> {
    return this.test.admin('select * from orgs.audit_entries where org_id = $1 order by seq', [org.id]);
  }
}

function startOrgs(config: OrgsConfig): Promise<RunningService> {
  return startService({ name: 'orgs', schema: orgsSchema, config, module: OrgsModule.with(config) });
}

/** Tells how a request ended instead of throwing. */
export async function outcome<Reply>(request: Promise<Reply>): Promise<Outcome<Reply>> {
  try {
    return { code: 'ok', reply: await request };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { code: error.code, told: JSON.stringify({ code: error.code, detail: error.detail, fields: error.fields }) };
  }
}

/** The code a request ends with; `ok` for a reply. */
export async function codeOf(request: Promise<unknown>): Promise<string> {
  return (await outcome(request)).code;
}
