import { globalTable, p, vaultTable } from '@apollo/tenancy/postgres';
import { constraint } from '../table.rules.js';

const stars = () => p.bigint('number').default(0);

/**
 * One row per organization; its id is the organization's. Balances include what is held: `monthly_held` and
 * `package_held` are the parts that open holds have taken. `carried` is monthly Stars of earlier periods which holds
 * opened back then still keep. Time only moves forward here: `moment`, `day` and `period` never go back with a clock.
 */
export const wallets = vaultTable({
  name: 'Wallet',
  schema: 'billing_stars',
  table: 'wallets',
  properties: {
    monthlyBalance: stars(),
    packageBalance: stars(),
    monthlyHeld: stars(),
    packageHeld: stars(),
    carried: stars(),
    overdraft: stars(),
    state: p.enum(['active', 'owing']),
    // What the organization may do: a suspended or deleted one reserves nothing; what is under way ends by rule.
    standing: p.enum(['open', 'suspended', 'closed']).default('open'),
    timeZone: p.text(),
    // First day of the running month, today, and the latest moment seen, in the organization's time zone.
    period: p.date(),
    day: p.date(),
    moment: p.datetime(6),
    // No open hold and no monthly Stars expire before this; null when there are none.
    dueAt: p.datetime(6).nullable(),
    // All the Stars that the running period has had, the highest threshold people were told of, and at how many free
    // Stars the next is due.
    allotted: stars(),
    warned: p.integer().default(0),
    warnAt: p.bigint('number').default(-1),
    priceVersion: p.integer(),
    ledgerSeq: p.bigint('number').default(0),
    openedAt: p.datetime(6),
  },
});

/** When each organization's wallet needs somebody next, for the sweeper. */
export const walletWatch = globalTable({
  name: 'WalletWatch',
  schema: 'billing_stars',
  table: 'wallet_watch',
  reason:
    'Any replica must find holds and monthly Stars that have expired before it knows for which organization it will act.',
  properties: { orgId: p.uuid().primary().name('org_id'), dueAt: p.datetime(6) },
  rawIndexes: [
    { name: 'wallet_watch_due', expression: 'create index wallet_watch_due on billing_stars.wallet_watch (due_at)' },
  ],
});

/** What Postgres itself refuses, whatever a function does: a wallet that holds or owes what it should not. */
export const walletRules: readonly string[] = [
  constraint('wallets', 'wallets_one', 'check (id = org_id)'),
  constraint('wallets', 'wallets_monthly', 'check (monthly_held >= 0 and monthly_held <= monthly_balance)'),
  constraint('wallets', 'wallets_package', 'check (package_held >= 0 and package_held <= package_balance)'),
  constraint(
    'wallets',
    'wallets_rest',
    "check (carried >= 0 and overdraft >= 0 and (state = 'owing') = (overdraft > 0))",
  ),
  constraint('wallets', 'wallets_time', "check (period = date_trunc('month', day::timestamp)::date)"),
];
