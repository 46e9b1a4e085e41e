import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Json, MailReader } from '@apollo/dev';
import { type HttpAnswer, type HttpRequest, outcomeOf, send } from './soak.http.js';
import type { Outcome } from './request.tracker.js';

const PASSWORD = 'correct horse battery staple';

/** Where people find the platform. */
export interface PlatformUrls {
  readonly gateway: string;
  readonly mail: string;
  readonly operator: { readonly email: string; readonly password: string };
}

/** Somebody with an account. Signs in again when the platform forgot them. */
export class SoakPerson {
  private token: string | undefined;
  private signing: Promise<void> | undefined;

  constructor(
    private readonly gateway: string,
    readonly email: string,
    private readonly password: string,
  ) {}

  /** One request as this person. */
  async send(method: string, path: string, request: HttpRequest = {}): Promise<HttpAnswer> {
    if (this.token === undefined) await this.signIn();
    const answer = await send(this.gateway, method, path, { ...request, token: this.token });
    if (answer.status !== 401) return answer;
    this.token = undefined;
    await this.signIn();
    return send(this.gateway, method, path, { ...request, token: this.token });
  }

  ask(method: string, path: string, request: HttpRequest = {}): Promise<Outcome<Json>> {
    return outcomeOf(this.send(method, path, request));
  }

  /** As long as it takes; for what comes before the faults. */
  async surely(method: string, path: string, body?: unknown): Promise<Json> {
    const key = randomUUID();
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.ask(method, path, { body, key });
      if (outcome.end === 'kept') return outcome.reply;
      if (outcome.end === 'refused' || attempt === 50) throw new Error(`${method} ${path}: ${JSON.stringify(outcome)}`);
      await delay(200);
    }
  }

  /** One sign-in for all requests that wait for it. */
  private async signIn(): Promise<void> {
    this.signing ??= send(this.gateway, 'POST', '/v1/auth/login', {
      body: { email: this.email, password: this.password },
    })
      .then(({ status, body }) => {
        if (status >= 400) throw new Error(`signing in: ${status} ${String(body['code'])}`);
        this.token = String(body['access_token']);
      })
      .finally(() => (this.signing = undefined));
    await this.signing;
  }
}

/** Lets people in, as operators and invitations do. */
export class SoakPeople {
  private readonly mails: MailReader;
  private readonly operator: SoakPerson;

  constructor(private readonly urls: PlatformUrls) {
    this.mails = new MailReader(urls.mail);
    this.operator = new SoakPerson(urls.gateway, urls.operator.email, urls.operator.password);
  }

  /** Somebody who may create organizations. */
  async granted(name: string): Promise<SoakPerson> {
    const email = `${name}-${randomUUID().slice(0, 8)}@example.com`;
    const token = await this.linkTo(email, () => this.operator.surely('POST', '/v1/platform/access-grants', { email }));
    await send(this.urls.gateway, 'POST', '/v1/auth/activate', {
      body: { token, name: 'Granted Person', password: PASSWORD },
    });
    return new SoakPerson(this.urls.gateway, email, PASSWORD);
  }

  /** Somebody new who joins an organization by invitation. */
  async invited(owner: SoakPerson, slug: string, role: string): Promise<SoakPerson> {
    const email = `${slug}-${role}-${randomUUID().slice(0, 8)}@example.com`;
    const token = await this.linkTo(email, () => owner.surely('POST', `/v1/orgs/${slug}/invitations`, { email, role }));
    await send(this.urls.gateway, 'POST', `/v1/invitations/${token}/accept`, {
      body: { name: 'Invited Person', password: PASSWORD },
    });
    return new SoakPerson(this.urls.gateway, email, PASSWORD);
  }

  private async linkTo(email: string, act: () => Promise<unknown>): Promise<string> {
    const before = await this.mails.count(email);
    await act();
    return this.mails.nextToken(email, before);
  }
}
