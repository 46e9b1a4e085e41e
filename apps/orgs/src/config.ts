import { required, serviceConfig, type ServiceConfig } from '@apollo/service-kit';

/** What the orgs service needs to know. */
export interface OrgsConfig extends ServiceConfig {
  readonly smtpUrl: string;
  readonly mailFrom: string;
  /** What links in mails start with, without a slash at the end. */
  readonly publicUrl: string;
}

/** Injection token of the configuration. */
export const ORGS_CONFIG = Symbol('orgs config');

/** Reads the environment. @throws ConfigurationError naming the variable at fault */
export function config(): OrgsConfig {
  return {
    ...serviceConfig(),
    smtpUrl: required('SMTP_URL'),
    mailFrom: required('MAIL_FROM'),
    publicUrl: required('PUBLIC_URL').replace(/\/+$/, ''),
  };
}
