import * as agents from './agents/agents.contracts.js';
import * as billingStars from './billing-stars/billing-stars.contracts.js';
import * as identity from './identity/identity.contracts.js';
import * as leads from './leads/leads.contracts.js';
import { type Contract, type EventContract, type ServiceName, typeOf } from './message/contract.js';
import * as orgs from './orgs/orgs.contracts.js';

const all: Contract[] = [identity, orgs, leads, agents, billingStars].flatMap(
  (module) => Object.values(module) as Contract[],
);

function byType(contracts: readonly Contract[]): ReadonlyMap<string, Contract> {
  const catalog = new Map<string, Contract>();
  for (const contract of contracts) {
    const type = typeOf(contract);
    if (catalog.has(type)) throw new Error(`Two contracts are named ${type}`);
    catalog.set(type, contract);
  }
  return catalog;
}

/** Every contract of the platform by its type, e.g. `leads.create-lead.v1`. */
export const CATALOG: ReadonlyMap<string, Contract> = byType(all);

/** Every durable event of the platform. */
export const DURABLE_EVENTS: readonly EventContract[] = all
  .filter((contract) => contract.kind === 'event')
  .filter(({ delivery }) => delivery === 'durable');

/** Those that members of their organization are shown, each by its permission. */
export const SHOWN_EVENTS: readonly EventContract[] = DURABLE_EVENTS.filter(
  ({ permission }) => permission !== undefined,
);

/** The contracts a service answers to or announces. */
export function contractsOf(service: ServiceName): Contract[] {
  return [...CATALOG.values()].filter((contract) => contract.service === service);
}
