import { type PurgePlan, RECEIPT_STAYS } from '@apollo/service-kit';

const BOOKS = 'Books are kept for as long as the law has them kept; nobody is named in them.';

/** Money stays, without the people: see ADR 25. */
export const billingStarsPurge: PurgePlan = {
  anonymized: ['holds', 'ledger_transactions', 'payments'],
  deleted: [
    'warnings',
    'caps',
    'dead_letters',
    'blocked_entities',
    'inbox',
    'outbox',
    'org_commands',
    'audit_entries',
    'audit_heads',
  ],
  kept: {
    ...RECEIPT_STAYS,
    wallets: BOOKS,
    wallet_watch: 'It follows the wallet: a row goes once nothing of that expires any more.',
    holds: BOOKS,
    ledger_transactions: BOOKS,
    ledger_entries: BOOKS,
    grants: BOOKS,
    reversals: BOOKS,
    cap_counters: 'Sums that the ledger is checked against; those of a person go with the person.',
    prices: 'What a charge was worked out by.',
    price_versions: 'What a charge was worked out by.',
    subscriptions: BOOKS,
    payments: BOOKS,
    payment_events: 'What a provider tells again is known by it; refunds and disputes come for months.',
    payment_references: 'What a provider tells of a payment finds it by this; refunds and disputes come for months.',
    charges: BOOKS,
    claims: BOOKS,
    overpayments: 'Money that somebody has to give back.',
  },
};
