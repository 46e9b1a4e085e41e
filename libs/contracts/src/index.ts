export * as agentsMessages from './agents/agents.messages.js';
export * from './agents/agents.contracts.js';
export { isTool, TOOL_NAMES, type ToolName, TOOLS } from './agents/tool.catalog.js';
export * as billingStarsMessages from './billing-stars/billing-stars.messages.js';
export * from './billing-stars/billing-stars.contracts.js';
export * from './catalog.js';
export * as identityMessages from './identity/identity.messages.js';
export * from './identity/identity.contracts.js';
export * as leadsMessages from './leads/leads.messages.js';
export * from './leads/leads.contracts.js';
export * from './message/contract.js';
export * from './message/errors.js';
export {
  dialledFromAbroad,
  isMoment,
  legible,
  lineCheck,
  manyLines,
  oneLine,
  type TextCheck,
  textCheck,
  trimmed,
} from './message/field.checks.js';
export * from './message/fields.js';
export { LIST_IN_MAP } from './message/flat.map.js';
export * as historyMessages from './message/history.messages.js';
export * from './message/permissions.js';
export * as purgeMessages from './message/purge.messages.js';
export * from './message/shared.messages.js';
export { inForm, isOvermarked, OVERMARKED, plainlySeen, thinned } from './message/text.form.js';
export * from './message/validation.js';
export {
  canonicalLanguage,
  COUNTRIES,
  countryNamed,
  CURRENCIES,
  LANGUAGES,
  TIME_ZONES,
  ZONE_AREAS,
} from './names/public.names.js';
export { COMMON_ORDER, NAME_ORDERS, nameOrder } from './names/name.orders.js';
export * as orgsMessages from './orgs/orgs.messages.js';
export * from './orgs/orgs.contracts.js';
