import { DomainError, HoldAmounts, type orgsMessages, ReleaseAmounts } from '@apollo/contracts';
import { Bus } from '@apollo/messaging';
import { assertVersion } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { opened } from '../access/standing.repository.js';
import { OrgRepository } from './org.repository.js';

/** What is known of a change before its transaction begins. */
export interface CurrencyAnswer {
  /** The currency from which the organization may go over to another one; null where it was not asked about. */
  readonly leaves: string | null;
  /** What keeps leads from taking amounts meanwhile. */
  readonly hold: string | null;
}

const NOT_ASKED: CurrencyAnswer = { leaves: null, hold: null };

/** The currency of an organization, which its leads' amounts are in without saying so. */
@Injectable()
export class OrgCurrency {
  constructor(
    private readonly bus: Bus,
    private readonly orgs: OrgRepository,
    private readonly database: TenantDatabase,
  ) {}

  /**
   * Has leads take no amounts for as long as the change takes, where the currency would become another one.
   *
   * @throws DomainError `etag_mismatch`, `state_conflict` where there are amounts, `service_unavailable` where leads
   *   does not answer
   */
  async prepare({ currency, if_match }: orgsMessages.UpdateOrgRequest): Promise<CurrencyAnswer> {
    if (currency == null) return NOT_ASKED;
    const org = opened(await this.orgs.find());
    assertVersion(org.version, if_match);
    if (currency === org.currency) return NOT_ASKED;
    const { hold } = await this.bus.request(HoldAmounts, {});
    if (hold === null) throw amountsStay(org.currency);
    return { leaves: org.currency, hold };
  }

  /** Makes the change in the open transaction; leads takes amounts again once it is committed, or has failed. */
  async change(
    { hold }: CurrencyAnswer,
    update: () => Promise<orgsMessages.Organization>,
  ): Promise<orgsMessages.Organization> {
    if (hold === null) return update();
    try {
      return await this.database.transaction(async (transaction) => {
        const changed = await update();
        transaction.afterCommit(() => this.release(hold, changed.currency));
        return changed;
      });
    } catch (error) {
      await this.release(hold, null);
      throw error;
    }
  }

  /** What is not released ends by itself, after half a minute. */
  private async release(hold: string, currency: string | null): Promise<void> {
    await this.bus.request(ReleaseAmounts, { hold, currency }).catch(() => undefined);
  }
}

/** The refusal to read amounts in another currency than they were written in. */
export function amountsStay(currency: string): DomainError {
  return new DomainError(
    'state_conflict',
    `Leads have amounts in ${currency}, or an import may bring some: none of them is converted.`,
  );
}
