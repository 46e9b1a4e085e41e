import { durableEventsOf } from '@apollo/messaging';
import type { ServiceName } from '@apollo/contracts';
import type { JWK } from 'jose';
import * as kinds from './process/variable.kinds.js';
import { ConfigurationError, type Environment, readVariables, type Variables } from './process/variables.js';

const MIGRATE_URL = 'MIGRATE_DATABASE_URL';

/** What every process of the platform needs to know. */
export interface ProcessConfig {
  readonly natsUrl: string;
  readonly natsNkeyFile: string;
  readonly signingKey: JWK;
  readonly publicKeys: readonly JWK[];
  /** Whether answers without a seal are believed: while services of the release before run. */
  readonly acceptsUnsealed: boolean;
  readonly healthHost: string;
  readonly healthPort: number;
  readonly logLevel: string;
  readonly production: boolean;
}

/** What a service with a database needs besides. */
export interface ServiceConfig extends ProcessConfig {
  readonly databaseUrl: string;
  /** Connection of the role that publishes the service's durable events; for services that tell of any. */
  readonly relayUrl?: string;
  readonly tagKey: string;
}

/** What a service that sends mails needs besides. */
export interface MailConfig {
  readonly smtpUrl: string;
  readonly mailFrom: string;
  /** Where links in mails start, without a slash at the end. */
  readonly publicUrl: string;
}

/**
 * Whoever has the credential of the migrations reads all of the service: it is there while a migration runs, and where
 * no service does.
 *
 * @throws ConfigurationError when the environment of a running service holds it
 */
export function refuseMigrationCredential(environment: Environment): void {
  if (environment[MIGRATE_URL])
    throw new ConfigurationError(`${MIGRATE_URL} is for migrations: a running service must not have it`);
}

/**
 * Reads the environment of a process without a database.
 *
 * @param more reads what it needs besides
 * @throws ConfigurationError that names every variable at fault
 */
export function processConfig<More>(
  environment: Environment,
  more: (variables: Variables) => More,
): ProcessConfig & More {
  refuseMigrationCredential(environment);
  return readVariables(environment, (variables) => ({ ...readProcess(variables), ...more(variables) }));
}

/**
 * Reads the environment of a service.
 *
 * @param more reads what this one needs besides
 * @throws ConfigurationError that names every variable at fault
 */
export function serviceConfig<More = object>(
  service: ServiceName,
  environment: Environment,
  more: (variables: Variables) => More = () => ({}) as More,
): ServiceConfig & More {
  const tells = durableEventsOf(service).length > 0;
  return processConfig(environment, (variables) => ({
    databaseUrl: variables.required('DATABASE_URL', kinds.DATABASE_URL),
    ...(tells && { relayUrl: variables.required('RELAY_DATABASE_URL', kinds.DATABASE_URL) }),
    tagKey: variables.required('TENANCY_TAG_KEY', kinds.HEX_KEY),
    ...more(variables),
  }));
}

/** Reads what a service that sends mails needs. */
export function mailConfig(variables: Variables): MailConfig {
  return {
    smtpUrl: variables.required('SMTP_URL', kinds.SMTP_URL),
    mailFrom: variables.required('MAIL_FROM', kinds.SENDER),
    publicUrl: variables.required('PUBLIC_URL', kinds.WEB_ADDRESS),
  };
}

/**
 * Reads what a command needs that an operator runs beside a service: the service's own way into its database.
 *
 * @param more reads what this one needs besides
 * @throws ConfigurationError that names every variable at fault
 */
export function databaseConfig<More = object>(
  environment: Environment = process.env,
  more: (variables: Variables) => More = () => ({}) as More,
): { readonly url: string; readonly tagKey: string } & More {
  return readVariables(environment, (variables) => ({
    url: variables.required('DATABASE_URL', kinds.DATABASE_URL),
    tagKey: variables.required('TENANCY_TAG_KEY', kinds.HEX_KEY),
    ...more(variables),
  }));
}

/** The URL migrations run with; read by `migrate.ts` only. @throws ConfigurationError where it is none */
export function migrateUrl(environment: Environment = process.env): string {
  return readVariables(environment, (variables) => variables.required(MIGRATE_URL, kinds.DATABASE_URL));
}

function readProcess(variables: Variables): ProcessConfig {
  const mode = kinds.oneOf(['development', 'test', 'production']);
  return {
    natsUrl: variables.required('NATS_URL', kinds.NATS_URL),
    natsNkeyFile: variables.required('NATS_NKEY_FILE', kinds.NKEY_FILE),
    signingKey: variables.required('CONTEXT_SIGNING_KEY_FILE', kinds.SIGNING_KEY_FILE),
    publicKeys: variables.required('CONTEXT_PUBLIC_KEYS_FILE', kinds.PUBLIC_KEYS_FILE),
    acceptsUnsealed: variables.optional('UNSEALED_ANSWERS', kinds.oneOf(['refuse', 'accept']), 'refuse') === 'accept',
    healthHost: variables.optional('HEALTH_HOST', kinds.ANY_TEXT, '127.0.0.1'),
    healthPort: variables.optional('HEALTH_PORT', kinds.PORT, 0),
    logLevel: variables.optional('LOG_LEVEL', kinds.LOG_LEVEL, 'info'),
    production: variables.optional('NODE_ENV', mode, 'development') === 'production',
  };
}
