import { DomainError } from '@apollo/contracts';
import { Stripe } from 'stripe';
import type { StripeConfig } from '../config.js';
import type { Checkout, ClaimFact, GivingBack, Order, PaymentProvider, ProviderFact } from './payment.provider.js';
import { factOf, refundFact } from './stripe.facts.js';

/** Milliseconds Stripe has for one answer; it is asked twice at most. */
const PATIENCE_MS = 8_000;

/** Seconds a message may be old, by the time it was signed at. */
const TOLERANCE_SECONDS = 300;

/**
 * Stripe: a checkout session per order, and signed messages of what became of it. Nothing of ours is told to Stripe but
 * price and name.
 */
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
    const tax = this.config.automaticTax;
    const session = await asked(
      this.stripe.checkout.sessions.create(
        {
          mode: 'payment',
          success_url: `${this.config.returnUrl}/?paid`,
          cancel_url: `${this.config.returnUrl}/`,
          ...(tax && { automatic_tax: { enabled: true } }),
          line_items: [
            {
              quantity: 1,
              price_data: {
                currency: currency.toLowerCase(),
                unit_amount: cents,
                product_data: { name: description },
                ...(tax && { tax_behavior: 'exclusive' }),
              },
            },
          ],
        },
        { idempotencyKey: key },
      ),
    );
    return { reference: session.id, url: session.url, until: new Date(session.expires_at * 1000) };
  }

  read(body: Buffer, signature: string): ProviderFact {
    return factOf(this.verified(body, signature));
  }

  async checkoutOf(charge: string): Promise<string | null> {
    const found = await asked(this.stripe.checkout.sessions.list({ payment_intent: charge, limit: 1 }));
    return found.data[0]?.id ?? null;
  }

  async giveBack({ key, charge, amount }: GivingBack): Promise<ClaimFact> {
    const wish = this.stripe.refunds.create({ payment_intent: charge, amount }, { idempotencyKey: key });
    const refund = await asked(
      wish.catch((error: unknown) => {
        throw error instanceof Stripe.errors.StripeInvalidRequestError
          ? new DomainError('state_conflict', 'The payment provider does not give this charge back.')
          : error;
      }),
    );
    const fact = refundFact(`give-back:${refund.id}`, refund, new Date(refund.created * 1000));
    if (!fact) throw new DomainError('service_unavailable', 'The payment provider told nothing of the refund.');
    return fact;
  }

  private verified(body: Buffer, signature: string): Stripe.Event {
    try {
      return this.stripe.webhooks.constructEvent(body, signature, this.config.webhookSecret, TOLERANCE_SECONDS);
    } catch {
      throw new DomainError('validation_failed', 'The message is not signed by the payment provider, or too old.');
    }
  }
}

/** An answer of Stripe. @throws DomainError `service_unavailable` for none: nothing was changed here */
async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof Stripe.errors.StripeError
      ? new DomainError('service_unavailable', 'The payment provider does not answer; nothing was changed.')
      : error;
  }
}
