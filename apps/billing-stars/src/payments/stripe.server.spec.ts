import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StripeConfig } from '../config.js';

/** A session or a refund as it was asked for. */
export interface AskedSession {
  readonly id: string;
  readonly key: string;
  readonly fields: Record<string, string>;
}

/** A message as the webhook hands it on. */
export interface SignedMessage {
  readonly body: string;
  readonly signature: string;
}

/** By what, when and with what a message is signed; `created` is Stripe's second of what it tells. */
export interface Signing {
  readonly id?: string;
  readonly secret?: string;
  readonly at?: number;
  readonly created?: number;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

const DISPUTE_EVENTS: Readonly<Record<string, string>> = {
  needs_response: 'charge.dispute.created',
  warning_needs_response: 'charge.dispute.created',
  won: 'charge.dispute.closed',
  lost: 'charge.dispute.closed',
  warning_closed: 'charge.dispute.closed',
};

/** A local server that speaks the part of Stripe's API that is used here, and signs messages as Stripe does. */
export class LocalStripe {
  readonly sessions: AskedSession[] = [];
  readonly refunds: AskedSession[] = [];
  /** Payments whose session was asked for. */
  readonly lookups: string[] = [];
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

  /**
   * A message in the provider's words, signed now unless it is said when; `created` is when what it tells of happened.
   */
  message(type: string, object: object, change: Signing = {}): SignedMessage {
    const {
      id = `evt_${randomBytes(8).toString('hex')}`,
      secret = this.webhookSecret,
      at = Math.floor(Date.now() / 1000),
      created = at,
    } = change;
    const text = JSON.stringify({ id, object: 'event', type, created, data: { object } });
    const signature = createHmac('sha256', secret).update(`${at}.${text}`).digest('hex');
    return { body: Buffer.from(text).toString('base64'), signature: `t=${at},v1=${signature}` };
  }

  /** That a session was paid. */
  paid(session: AskedSession, change: Record<string, unknown> = {}, signed: Signing = {}): SignedMessage {
    const amount = Number(session.fields['line_items[0][price_data][unit_amount]']);
    return this.message(
      'checkout.session.completed',
      {
        id: session.id,
        object: 'checkout.session',
        payment_status: 'paid',
        payment_intent: this.intentOf(session),
        amount_subtotal: amount,
        amount_total: amount,
        currency: session.fields['line_items[0][price_data][currency]'],
        currency_conversion: null,
        total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
        ...change,
      },
      signed,
    );
  }

  /** That altogether so many cents of a session's payment have gone back. */
  refunded(session: AskedSession, amount_refunded: number, id?: string): SignedMessage {
    return this.message(
      'charge.refunded',
      { id: 'ch_1', object: 'charge', payment_intent: this.intentOf(session), amount_refunded },
      id ? { id } : {},
    );
  }

  /** How one refund of a session's payment stands. */
  refund(
    session: AskedSession,
    refund: { id: string; amount: number; status: string },
    signed: Signing = {},
  ): SignedMessage {
    const type = refund.status === 'failed' ? 'refund.failed' : 'refund.updated';
    return this.message(
      type,
      { object: 'refund', currency: 'eur', payment_intent: this.intentOf(session), ...refund },
      signed,
    );
  }

  /** How a dispute of a session's payment stands, at a second that a spec names. */
  dispute(
    session: AskedSession,
    status: string,
    { at, ...change }: { at?: number; id?: string; amount?: number; currency?: string } = {},
  ): SignedMessage {
    const type = DISPUTE_EVENTS[status] ?? 'charge.dispute.updated';
    const amount = Number(session.fields['line_items[0][price_data][unit_amount]']);
    return this.message(
      type,
      {
        id: 'dp_1',
        object: 'dispute',
        status,
        amount,
        currency: 'eur',
        payment_intent: this.intentOf(session),
        ...change,
      },
      { created: at },
    );
  }

  intentOf(session: AskedSession): string {
    return session.id.replace('cs_', 'pi_');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    await this.beforeAnswer();
    if (this.failWith)
      return { status: this.failWith, body: { error: { type: 'api_error', message: 'out of order' } } };
    if (request.headers.authorization !== `Bearer ${this.secretKey}`)
      return { status: 401, body: { error: { type: 'invalid_request_error', message: 'Invalid API Key' } } };
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stripe.example');
    const asked = `${request.method} ${pathname}`;
    if (asked === 'GET /v1/checkout/sessions') return this.sessionsOf(searchParams.get('payment_intent'));
    if (asked !== 'POST /v1/checkout/sessions' && asked !== 'POST /v1/refunds')
      return { status: 404, body: { error: { type: 'invalid_request_error' } } };
    const key = String(request.headers['idempotency-key'] ?? '');
    const fields = Object.fromEntries(new URLSearchParams(text));
    const isRefund = pathname === '/v1/refunds';
    const known = (isRefund ? this.refunds : this.sessions).find((one) => one.key === key);
    if (known && JSON.stringify(known.fields) !== JSON.stringify(fields))
      return { status: 400, body: { error: { type: 'idempotency_error', message: 'another request' } } };
    return isRefund ? this.makeRefund(key, fields, known) : this.makeSession(key, fields, known);
  }

  private makeSession(key: string, fields: Record<string, string>, known?: AskedSession): Answer {
    const session = known ?? { id: `cs_${randomBytes(8).toString('hex')}`, key, fields };
    if (!known) this.sessions.push(session);
    const expires_at = Math.floor(Date.now() / 1000) + 86_400;
    const url = `https://checkout.example/${session.id}`;
    return { status: 200, body: { id: session.id, object: 'checkout.session', url, expires_at } };
  }

  private makeRefund(key: string, fields: Record<string, string>, known?: AskedSession): Answer {
    const { payment_intent, amount } = fields;
    if (!known && this.refunds.some((one) => one.fields['payment_intent'] === payment_intent))
      return { status: 400, body: { error: { type: 'invalid_request_error', code: 'charge_already_refunded' } } };
    const refund = known ?? { id: `re_${randomBytes(8).toString('hex')}`, key, fields };
    if (!known) this.refunds.push(refund);
    const created = Math.floor(Date.now() / 1000);
    const body = {
      object: 'refund',
      payment_intent,
      amount: Number(amount),
      currency: 'eur',
      status: 'succeeded',
      created,
    };
    return { status: 200, body: { id: refund.id, ...body } };
  }

  private sessionsOf(intent: string | null): Answer {
    this.lookups.push(intent ?? '');
    const data = this.sessions.filter((session) => this.intentOf(session) === intent);
    return {
      status: 200,
      body: { object: 'list', has_more: false, data: data.map(({ id }) => ({ id, object: 'checkout.session' })) },
    };
  }
}
