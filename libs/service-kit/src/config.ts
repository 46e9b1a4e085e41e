import { readFileSync } from 'node:fs';
import type { JWK } from 'jose';

const MIGRATE_URL = 'MIGRATE_DATABASE_URL';

/** Thrown at start when the environment does not make sense; one clear line for the operator. */
export class ConfigurationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigurationError';
  }
}

/** A required variable. @throws ConfigurationError when it is missing */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new ConfigurationError(`${name} is not set`);
  return value;
}

/** A variable with a default. */
export function optional(name: string, fallback: string): string {
  return process.env[name] || fallback;
}

/** A port number from 0 (any) to 65535. @throws ConfigurationError for anything else */
export function port(name: string, fallback: number): number {
  const value = Number(optional(name, String(fallback)));
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new ConfigurationError(`${name} is not a port`);
  return value;
}

function json<T>(name: string): T {
  const path = required(name);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    throw new ConfigurationError(`${name} names no readable JSON file`);
  }
}

/** What every process of the platform needs to know. */
export interface ProcessConfig {
  readonly natsUrl: string;
  readonly natsNkeyFile: string;
  readonly signingKey: JWK;
  readonly publicKeys: readonly JWK[];
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

/**
 * Whoever has the credential of the migrations reads all of the service: it is there while a migration runs, and where
 * no service does.
 *
 * @throws ConfigurationError when the environment of a running service holds it
 */
export function refuseMigrationCredential(environment: Readonly<Record<string, string | undefined>>): void {
  if (environment[MIGRATE_URL])
    throw new ConfigurationError(`${MIGRATE_URL} is for migrations: a running service must not have it`);
}

/** Reads the environment of any process. @throws ConfigurationError naming the variable at fault */
export function processConfig(): ProcessConfig {
  refuseMigrationCredential(process.env);
  return {
    natsUrl: required('NATS_URL'),
    natsNkeyFile: required('NATS_NKEY_FILE'),
    signingKey: json<JWK>('CONTEXT_SIGNING_KEY_FILE'),
    publicKeys: json<{ keys: JWK[] }>('CONTEXT_PUBLIC_KEYS_FILE').keys,
    healthHost: optional('HEALTH_HOST', '127.0.0.1'),
    healthPort: port('HEALTH_PORT', 0),
    logLevel: optional('LOG_LEVEL', 'info'),
    production: optional('NODE_ENV', 'development') === 'production',
  };
}

/** Reads the environment of a service. @throws ConfigurationError naming the variable at fault */
export function serviceConfig(): ServiceConfig {
  return {
    ...processConfig(),
    databaseUrl: required('DATABASE_URL'),
    relayUrl: optional('RELAY_DATABASE_URL', '') || undefined,
    tagKey: required('TENANCY_TAG_KEY'),
  };
}

/** What a command needs that an operator runs beside a service: the service's own way into its database. */
export function databaseConfig(): { readonly url: string; readonly tagKey: string } {
  return { url: required('DATABASE_URL'), tagKey: required('TENANCY_TAG_KEY') };
}

/** The URL migrations run with; read by `migrate.ts` only. */
export function migrateUrl(): string {
  return required(MIGRATE_URL);
}
