import { ConfigurationError, optional, required, serviceConfig, type ServiceConfig } from '@apollo/service-kit';
import { ORGS_PER_ACCOUNT } from './orgs/org.rules.js';

/** What the orgs service needs to know. */
export interface OrgsConfig extends ServiceConfig {
  readonly smtpUrl: string;
  readonly mailFrom: string;
  /** What links in mails start with, without a slash at the end. */
  readonly publicUrl: string;
  /** Organizations that one account may have created; deleted ones count until they are purged. */
  readonly orgsPerAccount: number;
}

/** Injection token of the configuration. */
export const ORGS_CONFIG = Symbol('orgs config');

/** Reads the environment. @throws ConfigurationError naming the variable at fault */
export function config(): OrgsConfig {
  return {
    ...serviceConfig(),
    smtpUrl: required('SMTP_URL'),
    mailFrom: required('MAIL_FROM'),
    publicUrl: required('PUBLIC_URL').replace(/(?<!\/)\/+$/, ''),
    orgsPerAccount: orgsPerAccount(),
  };
}

function orgsPerAccount(): number {
  const value = Number(optional('ORGS_PER_ACCOUNT', String(ORGS_PER_ACCOUNT)));
  if (!Number.isInteger(value) || value < 1 || value > 10_000)
    throw new ConfigurationError('ORGS_PER_ACCOUNT is not a number from 1 to 10000');
  return value;
}
