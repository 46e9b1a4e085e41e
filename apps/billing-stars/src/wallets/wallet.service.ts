import { type billingStarsMessages, DomainError } from '@apollo/contracts';
import { AuditTrail } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { WarningRepository } from '../warnings/warning.repository.js';
import { type WalletRow, WalletRepository } from './wallet.repository.js';

/** What people are told about the acting organization's wallet, and what they may do about it. */
@Injectable()
export class WalletService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly wallets: WalletRepository,
    private readonly warnings: WarningRepository,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Opens the organization's wallet with its welcome Stars; once, however often it is asked to.
   *
   * @param timeZone IANA name: whose days and months count
   * @returns false when it was open already
   */
  async open(timeZone: string): Promise<boolean> {
    return this.database.transaction(async () => {
      const opened = await this.wallets.open(timeZone);
      if (opened) await this.audit.done('wallet.opened', null);
      return opened;
    });
  }

  /** Follows where the organization's days begin. A zone that the database does not know changes nothing. */
  async follow({ time_zone }: { readonly time_zone: string }): Promise<void> {
    await this.wallets.follow(time_zone);
  }

  /**
   * For what is heard of an organization before its beginning is: the wallet is opened then, and its days are where the
   * organization is once that is heard of too.
   */
  async ensure(): Promise<void> {
    if (!(await this.wallets.find())) await this.open('UTC');
  }

  /** Follows what operators decided about the organization. */
  async stand({ status }: { readonly status: string }): Promise<void> {
    await this.database.transaction(async () => {
      await this.ensure();
      await this.wallets.setStanding(status === 'active' ? 'open' : 'suspended');
    });
  }

  /** The organization is deleted: nothing is reserved any more; what is under way ends by rule. */
  async close(): Promise<void> {
    await this.database.transaction(async () => {
      if (await this.wallets.setStanding('closed')) await this.audit.done('wallet.closed', null);
    });
  }

  /** @throws DomainError `not_found` while no wallet is open */
  async balance(): Promise<billingStarsMessages.Balance> {
    const row = await this.find();
    return { total: Number(row.available) - Number(row.overdraft) };
  }

  /** @throws DomainError `not_found` while no wallet is open */
  async get(): Promise<billingStarsMessages.Wallet> {
    const [row, warned] = await Promise.all([this.find(), this.warnings.running()]);
    const { state, period, time_zone, price_version, standing } = row;
    return {
      state,
      monthly_balance: Number(row.monthly_balance),
      package_balance: Number(row.package_balance),
      carried: Number(row.carried),
      held: Number(row.held),
      overdraft: Number(row.overdraft),
      available: Number(row.available),
      period,
      time_zone,
      price_version,
      standing,
      warnings: warned.map((warning) => ({
        ...warning,
        stars: Number(warning.stars),
        used: Number(warning.used),
        at: warning.at.toISOString(),
      })),
    };
  }

  /** @throws DomainError `not_found` while no wallet is open */
  async repayOverdraft(): Promise<billingStarsMessages.Wallet> {
    const owed = await this.wallets.repayOverdraft();
    if (owed === null) throw new DomainError('not_found', 'The organization has no wallet yet.');
    await this.audit.done('overdraft.repaid', null, { still_owed: owed });
    return this.get();
  }

  private async find(): Promise<WalletRow> {
    const row = await this.wallets.find();
    if (!row) throw new DomainError('not_found', 'The organization has no wallet yet.');
    return row;
  }
}
