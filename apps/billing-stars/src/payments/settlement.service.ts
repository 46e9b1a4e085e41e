import { type billingStarsMessages, DomainError } from '@apollo/contracts';
import { Injectable } from '@nestjs/common';
import { ChargeService } from './charge.service.js';
import { PaymentResolver } from './payment.resolver.js';
import { type ChargeRow, PaymentRepository, type PaymentRow } from './payment.repository.js';
import { surplusOfPayment } from './surplus.rules.js';

/** Takes in what operators say of money that came or went another way than through a provider. */
@Injectable()
export class SettlementService {
  constructor(
    private readonly resolver: PaymentResolver,
    private readonly payments: PaymentRepository,
    private readonly chargeService: ChargeService,
  ) {}

  /**
   * A transfer of the order's price has come in, known by its reference: once, however often and by whomever it is
   * confirmed. Under another reference it is another transfer, which has to be said where the order needs no more
   * money: two operators may know one transfer by two names.
   *
   * @throws DomainError `not_found`; `state_conflict` where the order is paid and no `additional` transfer is meant
   */
  async confirm({ id, reference, additional }: billingStarsMessages.ConfirmPaymentRequest): Promise<void> {
    const answer = await this.resolver.into(id, async () => {
      const payment = await this.payments.find(id);
      if (!payment) throw new DomainError('not_found');
      const cents = Number(payment.cents);
      const noted = await this.chargeService.pay({
        id,
        event: `manual:${id}:${reference}`,
        provider: 'manual',
        charge: reference,
        cents,
        currency: payment.currency,
        amount: cents,
        amount_currency: payment.currency,
      });
      if (noted.outcome === 'noted' && !additional) await this.checkNeeded(id, reference);
      return noted;
    });
    if (!answer || answer.outcome === 'not_found') throw new DomainError('not_found');
  }

  /**
   * Once it is noted, and the wallet locked: whoever confirms at the same moment is seen. A conflict takes the note
   * back.
   */
  private async checkNeeded(id: string, reference: string): Promise<void> {
    const payment = (await this.payments.find(id)) as PaymentRow;
    const made = payment.charges.find(({ provider, name }) => provider === 'manual' && name === reference);
    const isNeeded = !surplusOfPayment(payment).some(
      ({ charge, amount }) => charge === made?.id && amount === made.amount,
    );
    if (payment.paid_at === null || isNeeded) return;
    const others = payment.charges.filter((each) => each.amount !== null && each !== made).map(({ name }) => name);
    throw new DomainError(
      'state_conflict',
      `The order is paid already, by ${others.join(', ')}: if one more transfer has come in for it, say so by "additional".`,
    );
  }

  /**
   * @throws DomainError `not_found`; `state_conflict` for what was not paid, not that much, or in several charges of
   *   which none is named, and for a larger sum than is known under a reference that was told before
   */
  async refund({ id, reference, cents, charge }: billingStarsMessages.RefundPaymentRequest): Promise<void> {
    const answer = await this.resolver.into(id, async () => {
      const made = refundable(await this.charges(id), charge, cents);
      const event = `manual-refund:${id}:${reference}`;
      const source = { id, event, provider: made.provider, charge: made.name };
      const noted = await this.chargeService.refund(source, cents);
      if (noted.outcome === 'known') assertNoted(refundable(await this.charges(id), made.id, cents), cents);
      return noted;
    });
    if (!answer || answer.outcome === 'not_found') throw new DomainError('not_found');
  }

  private async charges(id: string): Promise<readonly ChargeRow[]> {
    const payment = await this.payments.find(id);
    if (!payment) throw new DomainError('not_found');
    return payment.charges.filter(({ amount }) => amount !== null);
  }
}

/** What is told again changes nothing; a smaller sum than is known may come late. */
function assertNoted({ refunded }: ChargeRow, cents: number): void {
  if (refunded < cents)
    throw new DomainError(
      'state_conflict',
      `${refunded} have gone back of this charge altogether; a larger sum needs a reference of its own.`,
    );
}

/** The charge an operator means, which is of so much. */
function refundable(made: readonly ChargeRow[], named: string | undefined, amount: number): ChargeRow {
  const [charge, ...others] = named ? made.filter(({ id }) => id === named) : made;
  if (charge && others.length > 0)
    throw new DomainError('state_conflict', 'Several charges were made for this order: say of which one.');
  if (!charge || amount > (charge.amount ?? 0)) throw new DomainError('state_conflict', 'That much was not paid.');
  return charge;
}
