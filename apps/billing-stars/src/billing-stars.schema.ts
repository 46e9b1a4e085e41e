import { inboxFunctions, inboxRules, inboxTables, outboxFunctions, outboxTables } from '@apollo/messaging';
import {
  auditFunctions,
  auditTables,
  idempotencyTables,
  purgeByTable,
  purgeFunctions,
  purgeTables,
} from '@apollo/service-kit';
import type { ServiceSchema } from '@apollo/tenancy/postgres';
import { capRules, caps, counters } from './caps/cap.tables.js';
import { grantForeignKeys, grants, reversals } from './grants/grant.tables.js';
import { holdForeignKeys, holdRules, holds } from './holds/hold.tables.js';
import { entries, ledgerForeignKeys, ledgerRules, transactions } from './ledger/ledger.tables.js';
import { chargeForeignKeys, chargeRules, charges, claims, overpayments } from './payments/charge.tables.js';
import {
  paymentEvents,
  paymentForeignKeys,
  paymentReferences,
  paymentRules,
  payments,
} from './payments/payment.tables.js';
import { planForeignKeys, planRules, subscriptions } from './plans/plan.tables.js';
import { prices, priceVersions } from './prices/price.tables.js';
import { billingStarsPurge } from './purge/purge.plan.js';
import { walletWatch, walletRules, wallets } from './wallets/wallet.tables.js';
import { warnings } from './warnings/warning.tables.js';

/**
 * Everything billing-stars keeps. On the bus the service is `billing-stars`; a schema and its roles take underscores.
 * The runtime role reads its organization's money and has no right to write it: the functions are the only way.
 */
export const billingStarsSchema: ServiceSchema = {
  service: 'billing_stars',
  tables: [
    wallets,
    walletWatch,
    grants,
    reversals,
    caps,
    counters,
    holds,
    transactions,
    entries,
    priceVersions,
    prices,
    warnings,
    subscriptions,
    payments,
    paymentEvents,
    paymentReferences,
    charges,
    claims,
    overpayments,
    ...auditTables('billing_stars'),
    ...idempotencyTables('billing_stars'),
    ...inboxTables('billing_stars'),
    ...outboxTables('billing_stars'),
    ...purgeTables('billing_stars'),
  ],
  foreignKeys: [
    ...grantForeignKeys,
    ...holdForeignKeys,
    ...ledgerForeignKeys,
    ...planForeignKeys,
    ...paymentForeignKeys,
    ...chargeForeignKeys,
  ],
  rules: [
    ...walletRules,
    ...capRules,
    ...holdRules,
    ...ledgerRules,
    ...planRules,
    ...paymentRules,
    ...chargeRules,
    ...inboxRules('billing_stars'),
  ],
  functions: [
    new URL('../functions/', import.meta.url),
    auditFunctions,
    inboxFunctions,
    outboxFunctions,
    purgeFunctions,
  ],
  tableFunctions: purgeByTable(billingStarsPurge),
  packageUrl: new URL('../', import.meta.url),
};
