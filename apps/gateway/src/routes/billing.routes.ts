import {
  BuyPack,
  ChangePlan,
  CheckOut,
  GetBalance,
  GetPlan,
  GetPrices,
  GetWallet,
  ListCaps,
  ListLedger,
  ListPacks,
  ListPayments,
  RaiseCap,
  RepayOverdraft,
  SetCap,
  SimulateCaps,
} from '@apollo/contracts';
import type { RouteTable } from '../http/route.js';

const billing = '/v1/orgs/{org}/billing';

/** The organization's Stars: what there is, what was used, what may be. */
export const BILLING: RouteTable = {
  tag: 'billing',
  routes: [
    { verb: 'get', path: `${billing}/balance`, contract: GetBalance, summary: 'How many Stars there are' },
    {
      verb: 'get',
      path: `${billing}/wallet`,
      contract: GetWallet,
      summary: 'Read the wallet: compartments, held Stars, overdraft',
    },
    {
      verb: 'post',
      path: `${billing}/wallet/repay`,
      contract: RepayOverdraft,
      summary: 'Pay an overdraft out of what is free',
    },
    { verb: 'get', path: `${billing}/ledger`, contract: ListLedger, summary: 'List what moved Stars, newest first' },
    { verb: 'get', path: `${billing}/caps`, contract: ListCaps, summary: 'List caps with what is used of them' },
    {
      verb: 'patch',
      path: `${billing}/caps`,
      contract: SetCap,
      summary: 'Set or take away the cap of a layer, an agent or a person with an agent',
      inject: ['if_match'],
    },
    { verb: 'post', path: `${billing}/caps/raise`, contract: RaiseCap, summary: 'Raise a cap until a moment' },
    {
      verb: 'post',
      path: `${billing}/caps/simulate`,
      contract: SimulateCaps,
      summary: 'What caps would have refused: replays past reservations, changes nothing',
    },
    { verb: 'get', path: `${billing}/prices`, contract: GetPrices, summary: 'What billable actions cost' },
    {
      verb: 'get',
      path: `${billing}/plan`,
      contract: GetPlan,
      summary: 'Read the plan, what is to be paid for it, and the plans there are',
    },
    {
      verb: 'patch',
      path: `${billing}/plan`,
      contract: ChangePlan,
      summary: 'Take another plan: more at once for the rest of the month, less or none from the next period on',
    },
    { verb: 'get', path: `${billing}/packs`, contract: ListPacks, summary: 'List the packs there are' },
    { verb: 'post', path: `${billing}/packs`, contract: BuyPack, summary: 'Order a pack', status: 201 },
    {
      verb: 'get',
      path: `${billing}/payments`,
      contract: ListPayments,
      summary: 'List what was ordered and billed, newest first',
    },
    {
      verb: 'post',
      path: `${billing}/payments/{id}/checkout`,
      contract: CheckOut,
      summary: 'Get a new way to pay what is open',
    },
  ],
};
