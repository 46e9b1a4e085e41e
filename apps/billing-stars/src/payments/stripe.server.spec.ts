import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StripeConfig } from '../config.js';

/** A session as it was asked for. */
export interface AskedSession {
  readonly id: string;
  readonly key: string;
  readonly fields: Record<string, string>;
}

/** A local server that speaks the part of Stripe's API that is used here, and signs messages as Stripe does. */
export class LocalStripe {
  readonly sessions: AskedSession[] = [];
  readonly secretKey = `sk_test_${randomBytes(8).toString('hex')}`;
  readonly webhookSecret = `whsec_${randomBytes(12).toString('hex')}`;
  /** Answers with this status instead, while set. */
  failWith: number | undefined;
  /** Awaited before each answer. */
  beforeAnswer: () => Promise<void> = async () => undefined;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<LocalStripe> {
    const server = createServer();
    const stripe = new LocalStripe(server);
    server.on('request', (request, response) => {
      void stripe
        .answer(request)
        .then(({ status, body }) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return stripe;
  }

  get config(): StripeConfig {
    const { port } = this.server.address() as AddressInfo;
    return {
      secretKey: this.secretKey,
      webhookSecret: this.webhookSecret,
      apiUrl: `http://127.0.0.1:${port}`,
      returnUrl: 'http://127.0.0.1:8080',
    };
  }

  /** A message in the provider's words, signed. */
  message(
    type: string,
    object: object,
    change: { id?: string; secret?: string; at?: number } = {},
  ): { body: string; signature: string } {
    const {
      id = `evt_${randomBytes(8).toString('hex')}`,
      secret = this.webhookSecret,
      at = Math.floor(Date.now() / 1000),
    } = change;
    const text = JSON.stringify({ id, object: 'event', type, created: at, data: { object } });
    const signature = createHmac('sha256', secret).update(`${at}.${text}`).digest('hex');
    return { body: Buffer.from(text).toString('base64'), signature: `t=${at},v1=${signature}` };
  }

  /** That a session was paid. */
  paid(
    session: AskedSession,
    change: Record<string, unknown> = {},
    signed: Parameters<LocalStripe['message']>[2] = {},
  ): { body: string; signature: string } {
    const amount_total = Number(session.fields['line_items[0][price_data][unit_amount]']);
    const currency = session.fields['line_items[0][price_data][currency]'];
    return this.message(
      'checkout.session.completed',
      {
        id: session.id,
        object: 'checkout.session',
        payment_status: 'paid',
        payment_intent: this.intentOf(session),
        amount_total,
        currency,
        ...change,
      },
      signed,
    );
  }

  /** That altogether so many cents of a session's payment have gone back. */
  refunded(session: AskedSession, amount_refunded: number, id?: string): { body: string; signature: string } {
    return this.message(
      'charge.refunded',
      { id: 'ch_1', object: 'charge', payment_intent: this.intentOf(session), amount_refunded },
      id ? { id } : {},
    );
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private intentOf(session: AskedSession): string {
    return session.id.replace('cs_', 'pi_');
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    await this.beforeAnswer();
    if (this.failWith)
      return { status: this.failWith, body: { error: { type: 'api_error', message: 'out of order' } } };
    if (request.headers.authorization !== `Bearer ${this.secretKey}`)
      return { status: 401, body: { error: { type: 'invalid_request_error', message: 'Invalid API Key' } } };
    if (request.method !== 'POST' || request.url !== '/v1/checkout/sessions')
      return { status: 404, body: { error: { type: 'invalid_request_error' } } };
    const key = String(request.headers['idempotency-key'] ?? '');
    const fields = Object.fromEntries(new URLSearchParams(text));
    const known = this.sessions.find((session) => session.key === key);
    if (known && JSON.stringify(known.fields) !== JSON.stringify(fields))
      return { status: 400, body: { error: { type: 'idempotency_error', message: 'another request' } } };
    const session = known ?? { id: `cs_${randomBytes(8).toString('hex')}`, key, fields };
    if (!known) this.sessions.push(session);
    return {
      status: 200,
      body: {
        id: session.id,
        object: 'checkout.session',
        url: `https://checkout.example/${session.id}`,
        expires_at: Math.floor(Date.now() / 1000) + 86_400,
      },
    };
  }
}
