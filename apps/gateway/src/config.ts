import { leadsMessages } from '@apollo/contracts';
import {
  ANY_TEXT,
  type Environment,
  PORT,
  processConfig,
  type ProcessConfig,
  PROXIES,
  type Variables,
  wholeNumber,
} from '@apollo/service-kit/process';
import { UPLOAD_HELD_BYTES } from './transfer/file.chunks.js';

/** How much one client or one organization may ask for. */
export interface Limits {
  /** Bytes of a JSON body. */
  readonly jsonBytes: number;
  /** Bytes of an uploaded file. */
  readonly uploadBytes: number;
  /** Bytes of JSON bodies that the process holds at once, and as many again of uploads; see `BodyBudget`. */
  readonly bodyBytes: number;
  /** Connections open at once, and of one address, where no proxy is in front; 0 for no bound. */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Requests a minute from one address; 0 for no limit. Half a minute's worth may come at once. */
  readonly perAddress: number;
  /** The same for sign-in, links and whatever else somebody may try to guess. */
  readonly perAddressUnknown: number;
  /** Requests a minute inside one organization, all its members together; 0 for no limit. */
  readonly perOrg: number;
}

/** What the gateway reads from its environment. */
export interface GatewayConfig extends ProcessConfig {
  readonly httpHost: string;
  readonly httpPort: number;
  /** Proxies whose `X-Forwarded-For` is believed: comma-separated addresses or ranges; false for none. */
  readonly trustProxy: string | false;
  readonly limits: Limits;
}

/** Limits that suit a small installation. */
export const DEFAULT_LIMITS: Limits = {
  // With its envelope, what one message carries.
  jsonBytes: 1_000_000,
  uploadBytes: leadsMessages.IMPORT_BYTES,
  bodyBytes: 128_000_000,
  connections: 10_000,
  connectionsPerAddress: 2_000,
  perAddress: 24_000,
  perAddressUnknown: 240,
  perOrg: 12_000,
};

/** Reads the gateway's environment. @throws ConfigurationError that names every variable at fault */
export function gatewayConfig(environment: Environment = process.env): GatewayConfig {
  return processConfig(environment, (variables) => ({
    httpHost: variables.optional('HTTP_HOST', ANY_TEXT, '127.0.0.1'),
    httpPort: variables.optional('HTTP_PORT', PORT, 8080),
    trustProxy: variables.optional('HTTP_TRUST_PROXY', PROXIES, false as const),
    limits: readLimits(variables),
  }));
}

function readLimits(variables: Variables): Limits {
  const whole = (name: string, usual: number): number =>
    variables.optional(name, wholeNumber(0, Number.MAX_SAFE_INTEGER, 'a whole number'), usual);
  const limits = {
    jsonBytes: whole('HTTP_JSON_BYTES', DEFAULT_LIMITS.jsonBytes),
    bodyBytes: whole('HTTP_BODY_BYTES', DEFAULT_LIMITS.bodyBytes),
    uploadBytes: whole('HTTP_UPLOAD_BYTES', DEFAULT_LIMITS.uploadBytes),
    connections: whole('HTTP_CONNECTIONS', DEFAULT_LIMITS.connections),
    connectionsPerAddress: whole('HTTP_CONNECTIONS_PER_ADDRESS', DEFAULT_LIMITS.connectionsPerAddress),
    perAddress: whole('HTTP_RATE_PER_ADDRESS', DEFAULT_LIMITS.perAddress),
    perAddressUnknown: whole('HTTP_RATE_PER_ADDRESS_AUTH', DEFAULT_LIMITS.perAddressUnknown),
    perOrg: whole('HTTP_RATE_PER_ORG', DEFAULT_LIMITS.perOrg),
  };
  // Of whoever may have least of it, one body of any kind has to fit.
  const least = 16 * Math.max(limits.jsonBytes, UPLOAD_HELD_BYTES);
  if (limits.bodyBytes < least) variables.refuse(`HTTP_BODY_BYTES is less than ${least}, sixteen bodies`);
  return limits;
}
