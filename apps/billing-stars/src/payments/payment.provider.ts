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

/** That somebody was charged for an order. */
export interface PaidFact {
  readonly what: 'paid';
  /** Name of the telling: the same one again changes nothing. */
  readonly id: string;
  /** The checkout that was paid. */
  readonly reference: string;
  /** The provider's name for the charge, by which it tells of refunds and disputes. */
  readonly charge: string;
  /** What was charged of our price: taxes, which come on top, not included. */
  readonly cents: number;
  readonly currency: string;
  /** What was charged altogether, in the currency that refunds of it are told in. */
  readonly amount: number;
  readonly amountCurrency: string;
}

/** That money of a charge has gone back: `amount` is all of it by then. */
export interface RefundedFact {
  readonly what: 'refunded';
  readonly id: string;
  readonly charge: string;
  readonly amount: number;
}

/** How one refund or one dispute of a charge stood at `at`. */
export interface ClaimFact {
  readonly what: 'claim';
  readonly id: string;
  readonly charge: string;
  readonly kind: 'refund' | 'dispute';
  /** The provider's name for the refund or the dispute. */
  readonly name: string;
  readonly amount: number;
  readonly currency: string;
  /** A dispute that is `asked` has moved no money yet. */
  readonly state: 'given' | 'failed' | 'asked' | 'open' | 'won' | 'lost';
  readonly at: Date;
}

/** What a provider tells has happened. */
export type ProviderFact = PaidFact | RefundedFact | ClaimFact | { readonly what: 'other'; readonly id: string };

/** A charge's money that is to go back. */
export interface GivingBack {
  /** The same for the same charge as it stands: it goes back once however often it is asked for. */
  readonly key: string;
  readonly charge: string;
  readonly amount: number;
}

/** Injection token of the provider this installation pays through. */
export const PAYMENT_PROVIDER = Symbol('payment provider');

/** Through whom organizations pay. Whatever is a promise speaks to the provider: never within a transaction. */
export interface PaymentProvider {
  readonly name: string;

  /** Offers a way to pay. @throws DomainError `service_unavailable` */
  checkout(order: Order): Promise<Checkout>;

  /** What a message of the provider says. @throws DomainError `validation_failed` unless it is signed by it, lately */
  read(body: Buffer, signature: string): ProviderFact;

  /** The checkout that a charge was made in; null for none. @throws DomainError `service_unavailable` */
  checkoutOf(charge: string): Promise<string | null>;

  /**
   * Gives money back.
   *
   * @returns the refund as it stands
   * @throws DomainError `service_unavailable`; `state_conflict` where the provider refuses
   */
  giveBack(wish: GivingBack): Promise<ClaimFact>;
}

/** The built-in one: nobody is asked, and an operator confirms what has come in and says what has gone back. */
export class ManualProvider implements PaymentProvider {
  readonly name = 'manual';

  async checkout(): Promise<Checkout> {
    return { reference: null, url: null, until: null };
  }

  read(): ProviderFact {
    throw new DomainError('route_not_found', 'No payment provider sends messages here.');
  }

  async checkoutOf(): Promise<null> {
    return null;
  }

  async giveBack(): Promise<ClaimFact> {
    throw new DomainError('state_conflict', 'Money that came in by hand goes back by hand.');
  }
}
