import { type ForeignKey, p, vaultTable } from '@apollo/tenancy/postgres';

export const COMPARTMENTS = ['monthly', 'package'] as const;

/** Stars that came in. `source` names what for (a payment, a plan's month): each one is granted once. */
export const grants = vaultTable({
  name: 'Grant',
  schema: 'billing_stars',
  table: 'grants',
  properties: {
    source: p.text(),
    compartment: p.enum(COMPARTMENTS),
    stars: p.bigint('number'),
    period: p.date(),
    grantedBy: p.text(),
    grantedAt: p.datetime(6),
  },
  uniques: [['source']],
});

/**
 * Stars taken back from a grant: a refund, a chargeback; below zero where they are given again. Each `source` once, and
 * together never more than was granted.
 */
export const reversals = vaultTable({
  name: 'Reversal',
  schema: 'billing_stars',
  table: 'reversals',
  properties: {
    source: p.text(),
    grantId: p.uuid(),
    stars: p.bigint('number'),
    reversedBy: p.text(),
    reversedAt: p.datetime(6),
  },
  uniques: [['source']],
  indexes: [['grantId']],
});

export const grantForeignKeys: readonly ForeignKey[] = [
  { name: 'reversals_grant', table: 'reversals', columns: ['grant_id'], target: 'grants', targetColumns: ['id'] },
];
