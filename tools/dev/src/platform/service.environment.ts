import type { ServiceName } from '@apollo/contracts';
import { type KeyFiles, roleUrl, type Secrets, type ServiceNeeds, tells } from '@apollo/operate';
import { childEnvironment, LOOPBACK } from '@apollo/servers';
import type { Layout } from './platform.layout.js';

/** What the surroundings offer to services. */
export interface Surroundings {
  readonly layout: Layout;
  readonly secrets: Secrets;
  readonly keyFiles: Record<string, KeyFiles>;
  /** A superuser's URL; a service's own are derived from it. */
  readonly adminUrl: string;
  readonly natsUrl: string;
  readonly smtpUrl: string;
  readonly gatewayPort: number;
  readonly healthPorts: Record<string, number>;
  readonly logLevel: string;
  /** Further variables, by service. */
  readonly environment: Readonly<Partial<Record<ServiceName, Readonly<Record<string, string>>>>>;
}

/** The gateway's address, which is also what links in mails start with. */
export function gatewayUrl(port: number): string {
  return `http://${LOOPBACK}:${port}`;
}

/** The whole environment of a service's process. */
export function serviceEnvironment(service: ServiceNeeds, around: Surroundings): Record<string, string> {
  const { name } = service;
  const files = around.keyFiles[name] as KeyFiles;
  return {
    ...childEnvironment(),
    NODE_ENV: 'development',
    LOG_LEVEL: around.logLevel,
    HEALTH_HOST: LOOPBACK,
    HEALTH_PORT: String(around.healthPorts[name]),
    NATS_URL: around.natsUrl,
    NATS_NKEY_FILE: files.nkey,
    CONTEXT_SIGNING_KEY_FILE: files.signingKey,
    CONTEXT_PUBLIC_KEYS_FILE: files.publicKeys,
    ...(service.database && {
      DATABASE_URL: roleUrl(around, name, 'app'),
      TENANCY_TAG_KEY: around.secrets.tagKeys[name] as string,
    }),
    ...(service.database && tells(service) && { RELAY_DATABASE_URL: roleUrl(around, name, 'relay') }),
    ...(service.mail && {
      SMTP_URL: around.smtpUrl,
      MAIL_FROM: 'Apollo Space <no-reply@apollo.test>',
      PUBLIC_URL: gatewayUrl(around.gatewayPort),
    }),
    ...(service.sealing && { IDENTITY_SEALING_KEY: around.secrets.sealingKey }),
    ...(service.http && { HTTP_HOST: LOOPBACK, HTTP_PORT: String(around.gatewayPort) }),
    ...around.environment[name],
  };
}

/** The environment of a service's one-shot migration: its deploy credential and nothing else of it. */
export function migrationEnvironment(service: ServiceNeeds, around: Surroundings): Record<string, string> {
  return {
    ...childEnvironment(),
    NODE_ENV: 'development',
    // Compiled code is kept between runs. Not for what keeps running: it would hold all of it for ever.
    NODE_COMPILE_CACHE: around.layout.compileCache,
    LOG_LEVEL: around.logLevel,
    MIGRATE_DATABASE_URL: roleUrl(around, service.name, 'migrate'),
  };
}
