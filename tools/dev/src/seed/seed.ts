import { dirname } from 'node:path';
import { demoPassword, type Secrets } from '@apollo/operate';
import { StartFailure } from '@apollo/servers';
import { HttpClient, type Json, ProblemError } from '../client/http.client.js';
import { MailReader } from '../client/mail.reader.js';
import type { Progress } from '../progress.js';
import type { RunningUser } from '../platform/running.file.js';
import { CONSULTANT, DEMO_ORGS, type DemoOrg, type DemoPerson, demoLeads, type Role } from './demo.world.js';

/** Where to seed, and what the seed may use. */
export interface SeedOptions {
  readonly gateway: string;
  readonly inbox: { readonly url: string };
  readonly secrets: Secrets;
  /** Where new demo passwords are saved. */
  readonly secretsFile: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Makes the demo organizations, people and leads through the HTTP API, as any client would: the operator grants
 * access, links come by mail, owners invite. Each step first looks whether it was done before, so it can be
 * repeated after a start that was cut short. Gives all logins with their organizations.
 */
export async function seedDemo(options: SeedOptions): Promise<RunningUser[]> {
  const seed = new Seed(options);
  const done = options.progress.begin('Looking for the demo organizations');
  if (await seed.isComplete()) {
    done('Found the demo organizations of before');
  } else {
    for (const org of DEMO_ORGS) await seed.make(org);
    done(`Seeded ${DEMO_ORGS.map(({ slug }) => slug).join(', ')}`);
  }
  return await seed.logins();
}

class Seed {
  readonly #anonymous: HttpClient;
  readonly #mails: MailReader;
  readonly #signedIn = new Map<string, HttpClient>();

  constructor(private readonly options: SeedOptions) {
    this.#anonymous = new HttpClient(options.gateway, undefined, options.signal);
    this.#mails = new MailReader(options.inbox.url, options.signal);
  }

  /** Invitations of the consultant come last in each organization, so three memberships mean that all is there. */
  async isComplete(): Promise<boolean> {
    if (this.options.secrets.demoPasswords[CONSULTANT.email] === undefined) return false;
    const consultant = await this.#tryToSignIn(CONSULTANT);
    if (consultant === undefined) return false;
    const known = (await orgsOf(consultant)).map(({ slug }) => slug);
    return DEMO_ORGS.every(({ slug }) => known.includes(slug));
  }

  async make(org: DemoOrg): Promise<void> {
    const owner = (await this.#tryToSignIn(org.owner)) ?? (await this.#activate(org.owner));
    const { slug, name, country, time_zone, currency } = org;
    const exists = (await orgsOf(owner)).some((known) => known.slug === slug);
    const settings = { slug, name, country, time_zone, currency };
    if (!exists && !(await this.#create(owner, settings))) return;
    await this.#addLeads(org, owner);
    // The consultant last: see isComplete.
    const others = [...org.others].sort((a, b) => Number(a.person === CONSULTANT) - Number(b.person === CONSULTANT));
    for (const { person, role } of others) await this.#addMember(org, owner, person, role);
    this.options.progress.line(`${exists ? 'Completed' : 'Made'} ${name}, with leads and members`);
  }

  async logins(): Promise<RunningUser[]> {
    const people = new Map<string, { slug: string; role: string }[]>();
    for (const { slug, owner, others } of DEMO_ORGS) {
      for (const { person, role } of [...others, { person: owner, role: 'owner' }]) {
        people.set(person.email, [...(people.get(person.email) ?? []), { slug, role }]);
      }
    }
    const granted = new Set(DEMO_ORGS.map(({ owner }) => owner.email));
    const users = [...people].map(async ([email, orgs]) => ({
      email,
      password: await this.#password(email),
      orgs,
      mayCreateOrgs: granted.has(email),
    }));
    return await Promise.all(users);
  }

  /** False where the slug is taken: of an organization that was deleted it is so for good. */
  async #create(owner: HttpClient, settings: { readonly slug: string }): Promise<boolean> {
    try {
      await owner.post('/v1/orgs', settings);
      return true;
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === 'slug_taken')) throw error;
      this.options.progress.line(`${settings.slug} was deleted, or is somebody else’s: it is left as it is`);
      return false;
    }
  }

  async #activate(person: DemoPerson): Promise<HttpClient> {
    const { email, password } = this.options.secrets.operator;
    const operator = this.#signedIn.get(email) ?? (await this.#operator(email, password));
    this.#signedIn.set(email, operator);
    const seen = await this.#mails.count(person.email);
    await operator.post('/v1/platform/access-grants', { email: person.email });
    const token = await this.#mails.nextToken(person.email, seen);
    const own = await this.#password(person.email);
    await this.#anonymous.post('/v1/auth/activate', { token, name: person.name, password: own });
    return await this.#anonymous.signIn(person.email, own);
  }

  /** @throws StartFailure where the operator's password is another: the database was filled with other secrets */
  async #operator(email: string, password: string): Promise<HttpClient> {
    return await this.#anonymous.signIn(email, password).catch((error: unknown) => {
      if (!(error instanceof ProblemError && error.status === 401)) throw error;
      throw new StartFailure(
        `The database was filled by another folder than ${dirname(this.options.secretsFile)}, which has the passwords: ` +
          'put that folder back, or drop the database and create it anew, then start again.',
        { cause: error },
      );
    });
  }

  async #addMember(org: DemoOrg, owner: HttpClient, person: DemoPerson, role: Role): Promise<void> {
    const existing = this.#signedIn.get(person.email) ?? (await this.#tryToSignIn(person));
    if (existing !== undefined && (await orgsOf(existing)).some(({ slug }) => slug === org.slug)) return;
    const seen = await this.#mails.count(person.email);
    await owner.post(`/v1/orgs/${org.slug}/invitations`, { email: person.email, role });
    const token = await this.#mails.nextToken(person.email, seen);
    const accept = `/v1/invitations/${encodeURIComponent(token)}/accept`;
    if (existing !== undefined) {
      await existing.post(accept, {});
      return;
    }
    const password = await this.#password(person.email);
    await this.#anonymous.post(accept, { name: person.name, password });
    this.#signedIn.set(person.email, await this.#anonymous.signIn(person.email, password));
  }

  async #addLeads(org: DemoOrg, owner: HttpClient): Promise<void> {
    const path = `/v1/orgs/${org.slug}/leads`;
    const known = new Set(itemsOf(await owner.get(path, { limit: '200' })).map((lead) => lead['external_id']));
    for (const lead of demoLeads(org)) {
      if (!known.has(lead['external_id'])) await owner.post(path, lead);
    }
  }

  /** Signs in if the person has an account with the password we know; undefined otherwise. */
  async #tryToSignIn(person: DemoPerson): Promise<HttpClient | undefined> {
    // A password that was never made cannot be right, and a wrong one counts against the address.
    if (this.options.secrets.demoPasswords[person.email] === undefined) return undefined;
    try {
      const client = await this.#anonymous.signIn(person.email, await this.#password(person.email));
      this.#signedIn.set(person.email, client);
      return client;
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) return undefined;
      throw error;
    }
  }

  #password(email: string): Promise<string> {
    return demoPassword(this.options.secretsFile, this.options.secrets, email);
  }
}

async function orgsOf(person: HttpClient): Promise<Json[]> {
  return ((await person.get('/v1/me'))['orgs'] ?? []) as Json[];
}

function itemsOf(list: Json): Json[] {
  return (list['items'] ?? []) as Json[];
}
