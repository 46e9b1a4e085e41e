import { ConfigurationError, required, type ServiceConfig, serviceConfig } from '@apollo/service-kit';

/** What the identity service needs to know besides what every service does. */
export interface IdentityConfig extends ServiceConfig {
  readonly smtpUrl: string;
  readonly mailFrom: string;
  /** Where links in mails start, without a slash at the end. */
  readonly publicUrl: string;
  /** 64 hex digits; everything stored sealed is sealed under it. */
  readonly sealingKey: string;
}

/** What `create-operator` works with. */
export interface OperatorConfig {
  readonly databaseUrl: string;
  readonly tagKey: string;
  readonly sealingKey: string;
  readonly email: string;
  readonly password: string;
}

/** The environment of the identity service. @throws ConfigurationError naming the variable at fault */
export function config(): IdentityConfig {
  const publicUrl = required('PUBLIC_URL').replace(/(?<!\/)\/+$/, '');
  if (!URL.canParse(publicUrl)) throw new ConfigurationError('PUBLIC_URL is not an address');
  return {
    ...serviceConfig(),
    smtpUrl: required('SMTP_URL'),
    mailFrom: required('MAIL_FROM'),
    publicUrl,
    sealingKey: sealingKey(),
  };
}

/** The environment of `create-operator`. @throws ConfigurationError naming the variable at fault */
export function operatorConfig(): OperatorConfig {
  return {
    databaseUrl: required('DATABASE_URL'),
    tagKey: required('TENANCY_TAG_KEY'),
    sealingKey: sealingKey(),
    email: required('OPERATOR_EMAIL'),
    password: required('OPERATOR_PASSWORD'),
  };
}

function sealingKey(): string {
  const key = required('IDENTITY_SEALING_KEY');
  if (!/^[0-9a-f]{64}$/i.test(key)) throw new ConfigurationError('IDENTITY_SEALING_KEY is not 64 hex digits');
  return key;
}
