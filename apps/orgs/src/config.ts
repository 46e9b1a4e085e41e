import {
  type Environment,
  type MailConfig,
  mailConfig,
  type ServiceConfig,
  serviceConfig,
  wholeNumber,
} from '@apollo/service-kit';
import { ORGS_PER_ACCOUNT } from './orgs/org.rules.js';

/** What the orgs service needs to know. */
export interface OrgsConfig extends ServiceConfig, MailConfig {
  /** Organizations that one account may have created; deleted ones count until they are purged. */
  readonly orgsPerAccount: number;
}

/** Injection token of the configuration. */
export const ORGS_CONFIG = Symbol('orgs config');

/** Reads the environment. @throws ConfigurationError that names every variable at fault */
export function config(environment: Environment = process.env): OrgsConfig {
  return serviceConfig('orgs', environment, (variables) => ({
    ...mailConfig(variables),
    orgsPerAccount: variables.optional('ORGS_PER_ACCOUNT', wholeNumber(1, 10_000), ORGS_PER_ACCOUNT),
  }));
}
