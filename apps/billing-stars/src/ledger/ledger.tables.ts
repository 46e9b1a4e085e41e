import { type ForeignKey, p, vaultTable } from '@apollo/tenancy/postgres';
import { constraint } from '../table.rules.js';

export const TRANSACTION_KINDS = [
  'grant',
  'reversal',
  'reinstatement',
  'repayment',
  'charge',
  'late_charge',
  'hold_lapsed',
  'period_end',
] as const;

/**
 * Where Stars are and where they come from or go to. `monthly`, `package` and `carried` are what the wallet has,
 * `overdraft` is what it owes; `granted`, `used` and `expired` are the world outside of it.
 */
export const ACCOUNTS = ['monthly', 'package', 'carried', 'overdraft', 'granted', 'used', 'expired'] as const;

/** Why Stars moved, in the order they did: `seq` has no gaps. Nobody updates or deletes one. */
export const transactions = vaultTable({
  name: 'LedgerTransaction',
  schema: 'billing_stars',
  table: 'ledger_transactions',
  properties: {
    seq: p.bigint('number'),
    at: p.datetime(6),
    kind: p.enum(TRANSACTION_KINDS),
    actor: p.text(),
    agentId: p.uuid().nullable(),
    personId: p.uuid().nullable(),
    runId: p.uuid().nullable(),
    priceVersion: p.integer(),
    idempotencyKey: p.text(),
    holdId: p.uuid().nullable(),
    grantId: p.uuid().nullable(),
    // The month and day whose caps it counts against: for a charge those of its hold.
    period: p.date(),
    day: p.date().nullable(),
  },
  uniques: [['seq']],
  indexes: [['holdId']],
});

/** One side of a movement: exactly one of `debit` and `credit` is above zero. */
export const entries = vaultTable({
  name: 'LedgerEntry',
  schema: 'billing_stars',
  table: 'ledger_entries',
  properties: {
    transactionId: p.uuid(),
    account: p.enum(ACCOUNTS),
    debit: p.bigint('number'),
    credit: p.bigint('number'),
  },
  uniques: [['transactionId', 'account']],
});

export const ledgerRules: readonly string[] = [
  constraint(
    'ledger_entries',
    'ledger_entries_one_side',
    'check (debit >= 0 and credit >= 0 and (debit > 0) <> (credit > 0))',
  ),
];

export const ledgerForeignKeys: readonly ForeignKey[] = [
  {
    name: 'ledger_entries_transaction',
    table: 'ledger_entries',
    columns: ['transaction_id'],
    target: 'ledger_transactions',
    targetColumns: ['id'],
  },
];
