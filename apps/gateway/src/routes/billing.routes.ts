import { GetBalance, GetPrices, GetWallet, ListCaps, ListLedger, RaiseCap, RepayOverdraft, SetCap } from '@apollo/contracts';
import type { RouteTable } from '../http/route.js';

const billing = '/v1/orgs/{org}/billing';

/** The organization's Stars: what there is, what was used, what may be. */
export const BILLING: RouteTable = {
  tag: 'billing',
  routes: [
    { verb: 'get', path: `${billing}/balance`, contract: GetBalance, summary: 'How many Stars there are' },
    { verb: 'get', path: `${billing}/wallet`, contract: GetWallet, summary: 'Read the wallet: compartments, held Stars, overdraft' },
    { verb: 'post', path: `${billing}/wallet/repay`, contract: RepayOverdraft, summary: 'Pay an overdraft out of what is free' },
    { verb: 'get', path: `${billing}/ledger`, contract: ListLedger, summary: 'List what moved Stars, newest first' },
    { verb: 'get', path: `${billing}/caps`, contract: ListCaps, summary: 'List caps with what is used of them' },
    { verb: 'patch', path: `${billing}/caps`, contract: SetCap, summary: 'Set or take away the cap of a layer, an agent or a person with an agent', inject: ['if_match'] },
    { verb: 'post', path: `${billing}/caps/raise`, contract: RaiseCap, summary: 'Raise a cap until a moment' },
    { verb: 'get', path: `${billing}/prices`, contract: GetPrices, summary: 'What billable actions cost' },
  ],
};
