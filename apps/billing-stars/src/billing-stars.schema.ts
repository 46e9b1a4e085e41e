import { inboxFunctions, inboxTables, outboxFunctions, outboxTables } from '@apollo/messaging';
import { auditFunction, auditTables, idempotencyTables } from '@apollo/service-kit';
import type { ServiceSchema } from '@apollo/tenancy/postgres';
import { capFunctions } from './caps/cap.functions.js';
import { capRules, caps, counters } from './caps/cap.tables.js';
import { grantFunctions } from './grants/grant.functions.js';
import { grantRules, grants, reversals } from './grants/grant.tables.js';
import { releaseMany, settleMany } from './holds/end.batch.functions.js';
import { holdFunctions } from './holds/hold.functions.js';
import { holdRules, holds } from './holds/hold.tables.js';
import { reserveMany } from './holds/reserve.batch.functions.js';
import { ledgerEquations } from './ledger/ledger.equations.js';
import { ledgerFunctions } from './ledger/ledger.functions.js';
import { entries, ledgerRules, transactions } from './ledger/ledger.tables.js';
import { chargeFunctions } from './payments/charge.functions.js';
import { chargeRules, charges, claims, overpayments } from './payments/charge.tables.js';
import { orderFunctions } from './payments/order.functions.js';
import { paymentFunctions } from './payments/payment.functions.js';
import { paymentEvents, paymentReferences, paymentRules, payments } from './payments/payment.tables.js';
import { planFunctions } from './plans/plan.functions.js';
import { planRules, subscriptions } from './plans/plan.tables.js';
import { priceFunctions } from './prices/price.functions.js';
import { prices, priceVersions } from './prices/price.tables.js';
import { walletFunctions } from './wallets/wallet.functions.js';
import { walletWatch, walletRules, wallets } from './wallets/wallet.tables.js';
import { warningFunctions } from './warnings/warning.functions.js';
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
  ],
  functions: [
    ...walletRules,
    ...grantRules,
    ...capRules,
    ...holdRules,
    ...ledgerRules,
    ...planRules,
    ...paymentRules,
    ...chargeRules,
    auditFunction('billing_stars'),
    ...inboxFunctions('billing_stars', 'billing-stars'),
    ...outboxFunctions('billing_stars', 'billing-stars'),
    ...priceFunctions,
    ...warningFunctions,
    ...walletFunctions,
    ...ledgerFunctions,
    ...grantFunctions,
    ...paymentFunctions,
    ...chargeFunctions,
    ...orderFunctions,
    ...planFunctions,
    ...capFunctions,
    ...holdFunctions,
    reserveMany,
    settleMany,
    releaseMany,
    ...ledgerEquations,
  ],
  packageUrl: new URL('../', import.meta.url),
};
