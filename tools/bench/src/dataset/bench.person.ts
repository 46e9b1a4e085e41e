import { randomBytes } from 'node:crypto';
import { HttpClient, MailReader, type Running } from '@apollo/dev';
import pg from 'pg';

/** Milliseconds after which a new access token is fetched; it lives for ten minutes. */
const RENEW_AFTER_MS = 300_000;

/** The one person who sends all requests to ours, a real login with a real membership of every organization. */
export class BenchPerson {
  #token = '';
  #renewedAt = -Infinity;

  private constructor(
    private readonly gateway: string,
    readonly email: string,
    private readonly password: string,
    readonly id: string,
  ) {}

  /** Has the operator let them in, and follows the mailed link. */
  static async make({ gateway, mail, operator }: Running): Promise<BenchPerson> {
    const anonymous = new HttpClient(gateway);
    const inbox = new MailReader(mail);
    const email = `bench-${randomBytes(6).toString('hex')}@bench.test`;
    const password = randomBytes(18).toString('base64url');
    await (await anonymous.signIn(operator.email, operator.password)).post('/v1/platform/access-grants', { email });
    const token = await inbox.nextToken(email, 0);
    const { id } = await anonymous.post('/v1/auth/activate', { token, name: 'Bench', password });
    return new BenchPerson(gateway, email, password, String(id));
  }

  /** Signs in again when the access token has grown old. */
  async renew(): Promise<void> {
    if (performance.now() - this.#renewedAt < RENEW_AFTER_MS) return;
    const pair = await new HttpClient(this.gateway).post('/v1/auth/login', {
      email: this.email,
      password: this.password,
    });
    this.#token = String(pair['access_token']);
    this.#renewedAt = performance.now();
  }

  /** What their requests carry. */
  headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#token}` };
  }

  /** A client that acts as them, with a fresh token. */
  async client(): Promise<HttpClient> {
    this.#renewedAt = -Infinity;
    await this.renew();
    return new HttpClient(this.gateway, this.#token);
  }
}

/** A connection as superuser, for seeding. */
export async function connectAdmin(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
