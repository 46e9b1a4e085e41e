import { functionCall, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { briefly } from '@apollo/work';
import { Injectable } from '@nestjs/common';
import { unlessBusy } from './busy.wallet.js';
import { PlatformContext } from './platform.context.js';

/** Milliseconds for which a sweep waits for a wallet that is busy. */
const SWEEP_MS = 1_000;

/** What its organization may do: reserve, nothing for now, or nothing any more. */
export type WalletStanding = 'open' | 'suspended' | 'closed';

/** The wallet as it stands now, a month that is over already counted as over. Sums are bigint texts. */
export interface WalletRow {
  readonly state: 'active' | 'owing';
  readonly monthly_balance: string;
  readonly package_balance: string;
  readonly carried: string;
  readonly held: string;
  readonly overdraft: string;
  readonly available: string;
  readonly standing: WalletStanding;
  readonly period: string;
  readonly time_zone: string;
  readonly price_version: number;
}

const open = functionCall<{ opened: boolean }, { wallet: string; zone: string }>(
  'open wallet',
  'select billing_stars.open_wallet(:wallet, :zone, :actor) as opened',
);
const setStanding = functionCall<{ changed: boolean }, { becomes: WalletStanding }>(
  'set standing',
  'select billing_stars.set_standing(:becomes) as changed',
);
const follow = functionCall<object, { zone: string }>('follow organization', 'select billing_stars.follow_org(:zone)');
const repay = functionCall<{ overdraft: string | null }>(
  'repay overdraft',
  'select billing_stars.repay_overdraft(:actor) as overdraft',
);
/** Books what is due in the acting organization's wallet, and tells what thresholds it has reached. */
const sweep = functionCall('sweep wallet', 'select billing_stars.sweep_wallet()');
const due = functionCall<{ org_id: string }, { without: string[] }>(
  'wallets that are due',
  'select * from billing_stars.find_due_wallets(:without)',
);
const unknownZones = functionCall<{ zone: string }, { zones: string[] }>(
  'zones that are not known',
  'select * from billing_stars.unknown_zones(:zones::text[])',
);
const find = statement<WalletRow>(
  'find wallet',
  `
  select w.state, m.balance as monthly_balance, w.package_balance, w.carried + w.monthly_balance - m.balance - m.lapsed as carried,
    w.monthly_held + w.package_held + w.carried as held, w.overdraft,
    m.balance - m.held + w.package_balance - w.package_held as available, m.period::text as period, w.time_zone, w.price_version, w.standing
  from billing_stars.wallets w
  cross join lateral (select greatest(w.period, date_trunc('month', billing_stars.clock() at time zone w.time_zone)::date) as period) n
  cross join lateral (select n.period, case when n.period > w.period then 0 else w.monthly_balance end as balance,
    case when n.period > w.period then 0 else w.monthly_held end as held,
    case when n.period > w.period then w.monthly_balance - w.monthly_held else 0 end as lapsed) m
  where w.org_id = :org and w.id = :org`,
);

/** The acting organization's wallet. Reads lock nothing and decide nothing. */
@Injectable()
export class WalletRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly platform: PlatformContext,
  ) {}

  /**
   * False when there was one already.
   *
   * @param zone IANA name; where the database does not know it, days are counted by UTC
   */
  async open(zone: string): Promise<boolean> {
    const [row] = await this.platform.act((wallet) => unlessBusy(this.database.query(open, { wallet, zone })));
    return row?.opened === true;
  }

  /**
   * Together with the commit; what is so already costs a look, a zone that the database does not know changes nothing.
   * Only as orgs tells of it.
   */
  async follow(zone: string): Promise<void> {
    await this.database.transaction(async (transaction) => transaction.defer(follow, { zone }));
  }

  /** False when there is no wallet, or it stands so already. One that is closed stays so. */
  async setStanding(becomes: WalletStanding): Promise<boolean> {
    const [row] = await unlessBusy(this.database.query(setStanding, { becomes }));
    return row?.changed === true;
  }

  async find(): Promise<WalletRow | undefined> {
    return (await this.database.query(find, {}))[0];
  }

  /** What is still owed; null when there is no wallet. */
  async repayOverdraft(): Promise<number | null> {
    const [row] = await unlessBusy(this.database.query(repay, {}));
    return row?.overdraft == null ? null : Number(row.overdraft);
  }

  /**
   * Gives back holds that have expired and ends a month that is over.
   *
   * @throws DomainError `service_unavailable` where the wallet is kept busy: others wait, and who has it does the same
   */
  async sweep(): Promise<void> {
    await unlessBusy(briefly(this.database, () => this.database.query(sweep, {}), SWEEP_MS));
  }

  /**
   * Organizations whose wallet needs somebody now, a hundred at most; only under the platform scope.
   *
   * @param without organizations to leave out
   */
  async findDue(without: readonly string[] = []): Promise<string[]> {
    return (await this.database.query(due, { without: [...without] })).map((row) => row.org_id);
  }

  /** Those of the zones that the database cannot count days by; only under the platform scope. */
  async unknownZones(zones: readonly string[]): Promise<string[]> {
    return (await this.database.query(unknownZones, { zones: [...zones] })).map(({ zone }) => zone);
  }
}
