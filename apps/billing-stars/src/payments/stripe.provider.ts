import { DomainError } from '@apollo/contracts';
import { Stripe } from 'stripe';
import type { StripeConfig } from '../config.js';
import type { Checkout, Order, PaymentProvider, ProviderEvent } from './payment.provider.js';

/** Milliseconds Stripe has for one answer; it is asked twice at most. */
const PATIENCE_MS = 8_000;

/** Seconds a message may be old, by the time it was signed at. */
const TOLERANCE_SECONDS = 300;

/** Stripe: a checkout session per order, and signed messages of what became of it. Nothing of ours is told to Stripe but price and name. */
export class StripeProvider implements PaymentProvider {
  readonly name = 'stripe';
  private readonly stripe: Stripe;

  constructor(private readonly config: StripeConfig) {
    const { protocol, hostname, port } = new URL(config.apiUrl);
    const kind = protocol === 'http:' ? 'http' : 'https';
    this.stripe = new Stripe(config.secretKey, {
      protocol: kind,
      host: hostname,
      port: port || (kind === 'http' ? '80' : '443'),
      timeout: PATIENCE_MS,
      maxNetworkRetries: 1,
      telemetry: false,
    });
  }

  async checkout({ key, description, cents, currency }: Order): Promise<Checkout> {
    try {
      const session = await this.stripe.checkout.sessions.create(
        {
          mode: 'payment',
          success_url: `${this.config.returnUrl}/?paid`,
          cancel_url: `${this.config.returnUrl}/`,
          line_items: [
            {
              quantity: 1,
              price_data: { currency: currency.toLowerCase(), unit_amount: cents, product_data: { name: description } },
            },
          ],
        },
        { idempotencyKey: key },
      );
      return { reference: session.id, url: session.url, until: new Date(session.expires_at * 1000) };
    } catch (error) {
      throw error instanceof Stripe.errors.StripeError
        ? new DomainError('service_unavailable', 'The payment provider does not answer; nothing was ordered.')
        : error;
    }
  }

  read(body: Buffer, signature: string): ProviderEvent {
    const event = this.verified(body, signature);
    switch (event.type) {
      case 'checkout.session.completed':
      case 'checkout.session.async_payment_succeeded': {
        const { id, payment_status, payment_intent, amount_total, currency } = event.data.object;
        if (payment_status !== 'paid') return { what: 'other', id: event.id };
        return {
          what: 'paid',
          id: event.id,
          reference: id,
          payment: idOf(payment_intent),
          cents: amount_total ?? 0,
          currency: currency ?? '',
        };
      }
      case 'charge.refunded': {
        const { payment_intent, amount_refunded } = event.data.object;
        const reference = idOf(payment_intent);
        return reference
          ? { what: 'refunded', id: event.id, reference, cents: amount_refunded }
          : { what: 'other', id: event.id };
      }
      default:
        return { what: 'other', id: event.id };
    }
  }

  private verified(body: Buffer, signature: string): Stripe.Event {
    try {
      return this.stripe.webhooks.constructEvent(body, signature, this.config.webhookSecret, TOLERANCE_SECONDS);
    } catch {
      throw new DomainError('validation_failed', 'The message is not signed by the payment provider, or too old.');
    }
  }
}

function idOf(named: string | { id: string } | null): string | null {
  return typeof named === 'string' ? named : (named?.id ?? null);
}
