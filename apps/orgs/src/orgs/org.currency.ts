import { DomainError, HaveAmounts, type orgsMessages } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { Injectable } from '@nestjs/common';
import { opened } from '../access/standing.repository.js';
import { OrgRepository } from './org.repository.js';

/** What is known of a change before its transaction begins. */
export interface CurrencyAnswer {
  /** The currency from which the organization may go over to another one; null where it was not asked about. */
  readonly leaves: string | null;
}

/** The currency of an organization, which its leads' amounts are in without saying so. */
@Injectable()
export class OrgCurrency {
  constructor(
    private readonly bus: Bus,
    private readonly orgs: OrgRepository,
  ) {}

  /**
   * Asks leads, where the currency would become another one.
   *
   * @throws DomainError `state_conflict` where there are amounts, `service_unavailable` where leads does not answer
   */
  async prepare({ currency }: orgsMessages.UpdateOrgRequest): Promise<CurrencyAnswer> {
    if (currency == null) return { leaves: null };
    const { currency: now } = opened(await this.orgs.find());
    if (currency === now) return { leaves: null };
    if ((await this.bus.request(HaveAmounts, {})).amounts) throw amountsStay(now);
    return { leaves: now };
  }
}

/** The refusal to read amounts in another currency than they were written in. */
export function amountsStay(currency: string): DomainError {
  return new DomainError(
    'state_conflict',
    `Leads have amounts in ${currency}, or an import may bring some: none of them is converted.`,
  );
}
