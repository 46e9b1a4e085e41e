import {
  ANY_TEXT,
  databaseConfig,
  type Environment,
  HEX_KEY,
  type MailConfig,
  mailConfig,
  type ServiceConfig,
  serviceConfig,
  type Variables,
} from '@apollo/service-kit';

/** What the identity service needs to know besides what every service does. */
export interface IdentityConfig extends ServiceConfig, MailConfig {
  /** 64 hex digits; everything stored sealed is sealed under it. */
  readonly sealingKey: string;
}

/** What `create-operator` works with. */
export interface OperatorConfig {
  readonly url: string;
  readonly tagKey: string;
  readonly sealingKey: string;
  readonly email: string;
  readonly password: string;
}

/** The environment of the identity service. @throws ConfigurationError that names every variable at fault */
export function config(environment: Environment = process.env): IdentityConfig {
  return serviceConfig('identity', environment, (variables) => ({
    ...mailConfig(variables),
    sealingKey: sealingKey(variables),
  }));
}

/** The environment of `create-operator`. @throws ConfigurationError that names every variable at fault */
export function operatorConfig(environment: Environment = process.env): OperatorConfig {
  return databaseConfig(environment, (variables) => ({
    sealingKey: sealingKey(variables),
    email: variables.required('OPERATOR_EMAIL', ANY_TEXT),
    password: variables.required('OPERATOR_PASSWORD', ANY_TEXT),
  }));
}

function sealingKey(variables: Variables): string {
  return variables.required('IDENTITY_SEALING_KEY', HEX_KEY);
}
