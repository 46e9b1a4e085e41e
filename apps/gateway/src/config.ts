import { leadsMessages } from '@apollo/contracts';
import { ConfigurationError, optional, port, processConfig, type ProcessConfig } from '@apollo/service-kit/process';
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

function whole(name: string, fallback: number): number {
  const value = Number(optional(name, String(fallback)));
  if (!Number.isSafeInteger(value) || value < 0) throw new ConfigurationError(`${name} is not a whole number`);
  return value;
}

/** Of whoever may have least of it, one body of any kind has to fit. */
function bodyBytes(jsonBytes: number): number {
  const bytes = whole('HTTP_BODY_BYTES', DEFAULT_LIMITS.bodyBytes);
  const least = 16 * Math.max(jsonBytes, UPLOAD_HELD_BYTES);
  if (bytes < least) throw new ConfigurationError(`HTTP_BODY_BYTES is less than ${least}, sixteen bodies`);
  return bytes;
}

/** Reads the gateway's environment. @throws ConfigurationError naming the variable at fault */
export function gatewayConfig(): GatewayConfig {
  const jsonBytes = whole('HTTP_JSON_BYTES', DEFAULT_LIMITS.jsonBytes);
  return {
    ...processConfig(),
    httpHost: optional('HTTP_HOST', '127.0.0.1'),
    httpPort: port('HTTP_PORT', 8080),
    trustProxy: optional('HTTP_TRUST_PROXY', '') || false,
    limits: {
      jsonBytes,
      bodyBytes: bodyBytes(jsonBytes),
      uploadBytes: whole('HTTP_UPLOAD_BYTES', DEFAULT_LIMITS.uploadBytes),
      connections: whole('HTTP_CONNECTIONS', DEFAULT_LIMITS.connections),
      connectionsPerAddress: whole('HTTP_CONNECTIONS_PER_ADDRESS', DEFAULT_LIMITS.connectionsPerAddress),
      perAddress: whole('HTTP_RATE_PER_ADDRESS', DEFAULT_LIMITS.perAddress),
      perAddressUnknown: whole('HTTP_RATE_PER_ADDRESS_AUTH', DEFAULT_LIMITS.perAddressUnknown),
      perOrg: whole('HTTP_RATE_PER_ORG', DEFAULT_LIMITS.perOrg),
    },
  };
}
