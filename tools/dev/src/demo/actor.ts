import { newPassword } from '@apollo/operate';
import { type Answer, HttpClient, type Json, type RequestOptions } from '../client/http.client.js';
import { MailReader } from '../client/mail.reader.js';
import type { Running } from '../platform/running.file.js';
import { DemoFailure } from './demo.failure.js';
import { cut, type Narrator } from './narrator.js';

/** Where the story takes place and who tells it. */
export interface Scene {
  readonly running: Pick<Running, 'gateway' | 'mail' | 'operator'>;
  readonly narrator: Narrator;
  /** Part of every address and slug of this run, so that each run is a story of its own. */
  readonly run: string;
  /** Of the companies in it, ISO 3166. */
  readonly country: string;
}

/** Somebody who is not signed in, or an account; everything it does over HTTP is told. */
export class Actor {
  private constructor(
    private readonly scene: Scene,
    readonly name: string,
    readonly email: string,
    readonly password: string,
    private readonly http: HttpClient,
  ) {}

  /** Signs in with an account that is there already. */
  static async signIn(
    scene: Scene,
    name: string,
    login: { readonly email: string; readonly password: string },
  ): Promise<Actor> {
    const http = await new HttpClient(scene.running.gateway).signIn(login.email, login.password);
    scene.narrator.did(`${name}: POST /v1/auth/login`, `200  signed in as ${login.email}`);
    return new Actor(scene, name, login.email, login.password, http);
  }

  /** Does whatever sends a person a mail, then makes an account by the link in it and signs in. */
  static async byMailLink(
    scene: Scene,
    name: string,
    email: string,
    invite: () => Promise<unknown>,
    route: (token: string) => LinkRoute,
  ): Promise<Actor> {
    const mails = new MailReader(scene.running.mail);
    const seen = await mails.count(email);
    await invite();
    const token = await mails.nextToken(email, seen);
    scene.narrator.did(`${name} reads the mail to ${email}`, 'a link that works once');
    const password = newPassword();
    const newcomer = new Actor(scene, name, email, password, new HttpClient(scene.running.gateway));
    const { path, shown, body } = route(token);
    await newcomer.do('POST', path, { body: { ...body, name, password } }, () => 'account made', shown);
    return await Actor.signIn(scene, name, { email, password });
  }

  /** Sends a request that must succeed, tells it, and gives what was answered. */
  async do(
    method: string,
    path: string,
    options: RequestOptions,
    tells: (body: Json, answer: Answer) => string,
    shown = path,
  ): Promise<Json> {
    const answer = await this.ask(method, path, options);
    if (answer.status >= 400) {
      throw new DemoFailure(
        `${this.name}: ${method} ${shown} was answered ${answer.status} ${said(answer)} but must succeed.`,
      );
    }
    this.scene.narrator.did(
      `${this.name}: ${method} ${cut(shown, 48)}`,
      `${answer.status}  ${tells(answer.body, answer)}`,
    );
    return answer.body;
  }

  /** Sends a request and gives whatever is answered, untold. */
  ask(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.http.ask(method, path, options);
  }
}

/** Where a mailed link is redeemed, how it is shown (a link is a secret), and what goes along. */
export interface LinkRoute {
  readonly path: string;
  readonly shown: string;
  readonly body?: Json;
}

/** A problem's code, detail and first field at fault, for a line. */
export function said({ body }: Answer): string {
  const { code, detail, errors } = body as {
    code?: string;
    detail?: string;
    errors?: { field: string; problem: string }[];
  };
  const fault = errors?.[0] && ` ${errors[0].field}: ${errors[0].problem}.`;
  return [code, detail && `(${detail}${fault ?? ''})`].filter(Boolean).join(' ');
}

/** The objects of a list. */
export function itemsOf(list: Json): Json[] {
  return (list['items'] ?? []) as Json[];
}
