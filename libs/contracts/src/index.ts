import 'reflect-metadata';

export * from './catalog.js';
export * as identityMessages from './identity/identity.messages.js';
export * from './identity/identity.contracts.js';
export * as leadsMessages from './leads/leads.messages.js';
export * from './leads/leads.contracts.js';
export * from './message/contract.js';
export * from './message/errors.js';
export { isPhone, lineCheck, manyLines, oneLine, type TextCheck, textCheck } from './message/field.checks.js';
export * from './message/fields.js';
export * from './message/permissions.js';
export * from './message/shared.messages.js';
export * from './message/validation.js';
export * as orgsMessages from './orgs/orgs.messages.js';
export * from './orgs/orgs.contracts.js';
