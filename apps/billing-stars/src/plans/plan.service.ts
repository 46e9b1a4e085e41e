import { type billingStarsMessages, DomainError } from '@apollo/contracts';
import { AuditTrail } from '@apollo/service-kit';
import { Injectable } from '@nestjs/common';
import { CheckoutService } from '../payments/checkout.service.js';
import { PaymentRepository, type WayToPay } from '../payments/payment.repository.js';
import { paymentOf } from '../payments/payment.view.js';
import { CURRENCY, type Offer, type PlanName, PLANS } from './offer.table.js';
import { PlanRepository, type PlanRow } from './plan.repository.js';
import { type PlanChange, planChange } from './plan.rules.js';

/** What was decided about a wish before its transaction, and how it can be paid where it has a price. */
export interface PreparedChange {
  readonly from: PlanRow;
  readonly change: PlanChange;
  readonly checkout: WayToPay | null;
}

/** The acting organization's plan. */
@Injectable()
export class PlanService {
  constructor(
    private readonly plans: PlanRepository,
    private readonly payments: PaymentRepository,
    private readonly checkouts: CheckoutService,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws DomainError `not_found` while no wallet is open */
  async get(): Promise<billingStarsMessages.Plan> {
    const row = await this.known();
    const open = await this.payments.openOfPlan();
    return {
      plan: row.plan ?? 'none',
      stars: Number(row.stars),
      cents: Number(row.cents),
      currency: CURRENCY,
      next_period: row.next_period,
      changes_to: comesNext(row),
      open_payments: open.map(paymentOf),
      offers: Object.entries(PLANS).map(([name, { stars, cents }]) => ({ name, stars, cents, currency: CURRENCY })),
    };
  }

  /** Decides what a wish for a plan means, and asks how it can be paid; not within a transaction. */
  async prepare(wish: string): Promise<PreparedChange> {
    const from = await this.known();
    const change = planChange(paidTerms(from), offerOf(wish), from.day);
    return {
      from,
      change,
      checkout:
        change.when === 'now' ? await this.checkouts.ask(`${wish} plan until ${from.next_period}`, change.cents) : null,
    };
  }

  /** @throws DomainError `state_conflict` where plan or period have changed since `prepare` */
  async change(wish: string, { from, change, checkout }: PreparedChange): Promise<billingStarsMessages.Plan> {
    const offer = offerOf(wish);
    if (change.when === 'now' && offer && checkout) {
      const id = await this.checkouts.order(
        {
          kind: 'plan',
          item: wish,
          stars: change.stars,
          cents: change.cents,
          expected_plan: from.plan,
          expected_period: from.period,
        },
        checkout,
      );
      await this.audit.done('plan.ordered', id, { plan: wish, cents: change.cents });
    } else {
      const outcome = await this.plans.schedule(from.plan, offer && (wish as PlanName));
      if (outcome !== 'scheduled')
        throw new DomainError('state_conflict', 'The plan has changed meanwhile; ask again.');
      await this.audit.done('plan.scheduled', null, { plan: wish, from: from.next_period });
    }
    return this.get();
  }

  private async known(): Promise<PlanRow> {
    const row = await this.plans.find();
    if (!row) throw new DomainError('not_found', 'The organization has no wallet yet.');
    return row;
  }
}

/** What the organization has already: a plan whose money went back is none, so that the same one is an order again. */
function paidTerms(row: PlanRow): Offer | null {
  return row.plan && !row.went_back ? { stars: Number(row.stars), cents: Number(row.cents) } : null;
}

function comesNext(row: PlanRow): PlanName | 'none' | null {
  if (row.went_back) return 'none';
  return row.changes ? (row.next_plan ?? 'none') : null;
}

function offerOf(wish: string): Offer | null {
  return wish === 'none' ? null : PLANS[wish as PlanName];
}
