import { command, event, query } from '../message/contract.js';
import { orgEvents } from '../message/history.contracts.js';
import type { Permission } from '../message/permissions.js';
import { purgeOrganization } from '../message/purge.contracts.js';
import { Done, Empty, Page } from '../message/shared.messages.js';
import { AuditLog, AuditLogRequest } from '../orgs/orgs.messages.js';
import * as m from './billing-stars.messages.js';

/**
 * Between services, for the organization of the envelope; each is one call of the database that remembers its own key.
 */
const ofServices = { service: 'billing-stars', scope: 'org', callers: ['agents'], remembersItself: true } as const;
const within = (permission: Permission) =>
  ({ service: 'billing-stars', scope: 'org', callers: ['gateway'], permission }) as const;

/**
 * Sets Stars aside before a billable action: across wallet and all caps, or not at all. A refusal is an answer. It is
 * done for nothing but what a person of the organization has asked for.
 */
export const Reserve = command({
  ...ofServices,
  underGrant: true,
  method: 'reserve',
  request: m.ReserveRequest,
  reply: m.Reservation,
});
/**
 * Charges the real cost. After the hold's end it is a new debit: never lost, so neither is it where the grant has ended
 * meanwhile.
 */
export const Settle = command({ ...ofServices, method: 'settle', request: m.SettleRequest, reply: m.Hold });
export const Release = command({ ...ofServices, method: 'release', request: m.HoldRequest, reply: m.Hold });
export const Extend = command({
  ...ofServices,
  underGrant: true,
  method: 'extend',
  request: m.ExtendRequest,
  reply: m.Hold,
});
/** What services estimate with; the version goes with each reservation. */
export const GetPriceList = query({
  service: 'billing-stars',
  scope: 'org',
  callers: ['agents'],
  method: 'get-price-list',
  request: Empty,
  reply: m.Prices,
});

/** The total, for everybody who may see it. */
export const GetBalance = query({
  ...within('balance.read'),
  // For the person for whom an agent's run acts.
  callers: ['gateway', 'agents'],
  method: 'get-balance',
  request: Empty,
  reply: m.Balance,
});
export const GetWallet = query({ ...within('wallet.read'), method: 'get-wallet', request: Empty, reply: m.Wallet });
/** Newest first. */
export const ListLedger = query({
  ...within('wallet.read'),
  method: 'list-ledger',
  request: m.LedgerRequest,
  reply: m.Ledger,
});
/** What billable actions cost in the running period, and from the next one where a newer version is published. */
export const GetPrices = query({ ...within('wallet.read'), method: 'get-prices', request: Empty, reply: m.Prices });
export const ListCaps = query({ ...within('wallet.read'), method: 'list-caps', request: Page, reply: m.CapList });
export const SetCap = command({
  ...within('caps.configure'),
  method: 'set-cap',
  request: m.SetCapRequest,
  reply: m.Cap,
});
/** Until a moment, the higher of cap and raise counts. */
export const RaiseCap = command({
  ...within('caps.configure'),
  method: 'raise-cap',
  request: m.RaiseCapRequest,
  reply: m.Cap,
});
/** Replays past reservations against caps that are only thought of. */
export const SimulateCaps = query({
  ...within('wallet.read'),
  method: 'simulate-caps',
  request: m.SimulationRequest,
  reply: m.Simulation,
});
/** Pays an overdraft out of what is free, so that reservations go on before the next grant. */
export const RepayOverdraft = command({
  ...within('caps.configure'),
  method: 'repay-overdraft',
  request: Empty,
  reply: m.Wallet,
});

export const GetPlan = query({ ...within('wallet.read'), method: 'get-plan', request: Empty, reply: m.Plan });
/** An upgrade is ordered, and comes when it is paid; a downgrade or a cancellation comes with the next period. */
export const ChangePlan = command({
  ...within('billing.purchase'),
  method: 'change-plan',
  request: m.ChangePlanRequest,
  reply: m.Plan,
});
export const ListPacks = query({ ...within('wallet.read'), method: 'list-packs', request: Empty, reply: m.Packs });
/** Orders a pack, which comes when it is paid. */
export const BuyPack = command({
  ...within('billing.purchase'),
  method: 'buy-pack',
  request: m.BuyPackRequest,
  reply: m.Payment,
});
export const ListPayments = query({
  ...within('wallet.read'),
  method: 'list-payments',
  request: Page,
  reply: m.PaymentList,
});
/** A new way to pay what is open. */
export const CheckOut = command({
  ...within('billing.purchase'),
  method: 'check-out',
  request: m.PaymentRequest,
  reply: m.Payment,
});

const forOperators = { service: 'billing-stars', scope: 'platform', callers: ['gateway'], operatorOnly: true } as const;

/** Money has come in another way than through a provider. */
export const ConfirmPayment = command({
  ...forOperators,
  method: 'confirm-payment',
  request: m.ConfirmPaymentRequest,
  reply: Done,
});
/** Money has gone back: the same part of the Stars is taken back, and owed where it is spent. */
export const RefundPayment = command({
  ...forOperators,
  method: 'refund-payment',
  request: m.RefundPaymentRequest,
  reply: Done,
});
/** Orders of all organizations for which more money stays than they are for. */
export const ListOverpayments = query({
  ...forOperators,
  method: 'list-overpayments',
  request: Empty,
  reply: m.Overpayments,
});
/** Gives back what stays of an order's money beyond its price, through the provider it came by. */
export const GiveBackOverpayment = command({
  ...forOperators,
  method: 'give-back-overpayment',
  request: m.PaymentRequest,
  reply: m.GivenBackList,
});
/** Whom it is about is looked up by what was ordered, never taken from what it says. */
export const TakeProviderMessage = command({
  service: 'billing-stars',
  scope: 'platform',
  callers: ['gateway'],
  remembersItself: true,
  method: 'take-provider-message',
  request: m.ProviderMessage,
  reply: m.ProviderAnswer,
});

/** The organization's audit entries of this service. */
export const ListBillingAuditLog = query({
  ...within('audit.read'),
  method: 'list-audit-log',
  request: AuditLogRequest,
  reply: AuditLog,
});

/** Once per threshold and period, also when reservations race to it. */
export const WalletWarnedEvent = event({
  service: 'billing-stars',
  scope: 'org',
  consumers: [],
  delivery: 'durable',
  permission: 'wallet.read',
  method: 'wallet.warned',
  request: m.Warning,
});

export const ListBillingEvents = orgEvents('billing-stars');
export const PurgeBillingStars = purgeOrganization('billing-stars');
