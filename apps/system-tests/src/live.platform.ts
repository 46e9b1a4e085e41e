import { readFileSync } from 'node:fs';
import { type HttpClient, HttpClient as Client, MailReader, type Running } from '@apollo/dev';
import { randomUUID } from 'node:crypto';
import { runningFile } from './config.js';

/** The platform this run is about. */
export interface LivePlatform extends Running {
  /** Folder of its logs and data. */
  readonly dir: string;
}

/** Reads where the platform is. */
export function livePlatform(): LivePlatform {
  return JSON.parse(readFileSync(runningFile(), 'utf8')) as LivePlatform;
}

/** A person with an account, signed in. */
export interface Person {
  readonly email: string;
  readonly password: string;
  readonly http: HttpClient;
}

/** An organization with its owner, made for one spec. */
export interface LiveOrg {
  readonly slug: string;
  readonly owner: Person;
  /** A text that is written into everything of this organization and must never show up elsewhere. */
  readonly canary: string;
}

/** Limits of the gateway would only count the specs; they have specs of their own. */
export const NO_LIMITS = { HTTP_RATE_PER_ADDRESS: '0', HTTP_RATE_PER_ADDRESS_AUTH: '0', HTTP_RATE_PER_ORG: '0' };

const PASSWORD = 'correct horse battery staple';

/** Plays people: operators grant, mails are read, links are followed, as in the product. */
export class Stage {
  readonly nobody: HttpClient;
  private readonly mails: MailReader;

  constructor(readonly platform: LivePlatform = livePlatform()) {
    this.nobody = new Client(platform.gateway);
    this.mails = new MailReader(platform.mail);
  }

  /** Somebody an operator let in: may create organizations. */
  async granted(): Promise<Person> {
    const email = `${randomUUID().slice(0, 8)}@example.com`;
    const operator = await this.nobody.signIn(this.platform.operator.email, this.platform.operator.password);
    const token = await this.linkTo(email, () => operator.post('/v1/platform/access-grants', { email }));
    await this.nobody.post('/v1/auth/activate', { token, name: 'Granted Person', password: PASSWORD });
    return this.signedIn(email);
  }

  /** An organization of somebody new, or of `owner`. */
  async org(owner?: Person): Promise<LiveOrg> {
    const person = owner ?? (await this.granted());
    const slug = `org-${randomUUID().slice(0, 8)}`;
    const canary = `canary-${randomUUID()}`;
    await person.http.post('/v1/orgs', { slug, name: canary });
    return { slug, owner: person, canary };
  }

  /** Somebody new who joins by invitation. */
  async member(org: LiveOrg, role: string): Promise<Person> {
    const email = `${randomUUID().slice(0, 8)}@example.com`;
    const token = await this.linkTo(email, () =>
      org.owner.http.post(`/v1/orgs/${org.slug}/invitations`, { email, role }),
    );
    await this.nobody.post(`/v1/invitations/${token}/accept`, { name: 'Invited Person', password: PASSWORD });
    return this.signedIn(email);
  }

  /** Does what sends a mail to `email` and gives the token of the link in it. */
  async linkTo(email: string, act: () => Promise<unknown>): Promise<string> {
    const before = await this.mails.count(email);
    await act();
    return this.mails.nextToken(email, before);
  }

  async signedIn(email: string): Promise<Person> {
    return { email, password: PASSWORD, http: await this.nobody.signIn(email, PASSWORD) };
  }
}
