import { DomainError } from '@apollo/contracts';

/** What is to be paid. */
export interface Order {
  /** The same for the same wish of the same person: it is offered once however often it is asked for. */
  readonly key: string;
  /** What the payer reads. */
  readonly description: string;
  readonly cents: number;
  readonly currency: string;
}

/** How it can be paid. All null where somebody confirms the payment by hand. */
export interface Checkout {
  /** The provider's own name for it, by which it will tell that it was paid. */
  readonly reference: string | null;
  readonly url: string | null;
  readonly until: Date | null;
}

/** What a provider tells has happened; `cents` of a refund are all that has gone back by then. */
export type ProviderEvent =
  | {
      readonly what: 'paid';
      readonly id: string;
      readonly reference: string;
      readonly payment: string | null;
      readonly cents: number;
      readonly currency: string;
    }
  | { readonly what: 'refunded'; readonly id: string; readonly reference: string; readonly cents: number }
  | { readonly what: 'other'; readonly id: string };

/** Injection token of the provider this installation pays through. */
export const PAYMENT_PROVIDER = Symbol('payment provider');

/** Through whom organizations pay. */
export interface PaymentProvider {
  readonly name: string;

  /** Offers a way to pay. Speaks to the provider: never within a transaction. @throws DomainError `service_unavailable` */
  checkout(order: Order): Promise<Checkout>;

  /** What a message of the provider says. @throws DomainError `validation_failed` unless it is signed by it, lately */
  read(body: Buffer, signature: string): ProviderEvent;
}

/** The built-in one: nobody is asked, and an operator confirms what has come in. */
export class ManualProvider implements PaymentProvider {
  readonly name = 'manual';

  async checkout(): Promise<Checkout> {
    return { reference: null, url: null, until: null };
  }

  read(): ProviderEvent {
    throw new DomainError('route_not_found', 'No payment provider sends messages here.');
  }
}
