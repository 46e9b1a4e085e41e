import { readFileSync } from 'node:fs';
import { readSettings } from '@apollo/operate';
import { StartFailure } from '@apollo/servers';
import { ANY_TEXT, DATABASE_URL, LOG_LEVEL, NATS_URL } from '@apollo/service-kit/process';

/** Where everything listens; all on 127.0.0.1. */
export interface Ports {
  readonly gateway: number;
  readonly mailPage: number;
  readonly smtp: number;
  readonly postgres: number;
  readonly nats: number;
  /** First of a run of ports, one per service, for `/livez`, `/readyz` and `/metrics`. */
  readonly health: number;
}

/**
 * What is known of each port: the environment variable that moves it, so that an error can name it, and the default.
 */
interface PortEntry {
  readonly variable: string;
  readonly port: number;
  /** What listens there. */
  readonly what: string;
  /** How many in a row; one when absent. */
  readonly count?: number;
  /** Whether it is asked over HTTP, so that it must be one that browsers and `fetch` open. */
  readonly http?: boolean;
}

/** Every port a start wants; from a file, because what looks at them before anything is built reads the same. */
export const PORT_TABLE = JSON.parse(readFileSync(new URL('../ports.json', import.meta.url), 'utf8')) as Readonly<
  Record<keyof Ports, PortEntry>
>;

/** The ports that browsers and `fetch` open to nobody, because other protocols live there. */
const REFUSED_PORTS: ReadonlySet<number> = new Set(
  (JSON.parse(readFileSync(new URL('../ports.refused.json', import.meta.url), 'utf8')) as { ports: number[] }).ports,
);

/** Everything the runner takes from its environment. */
export interface DevConfig {
  /** Another folder than `.apollo` to keep everything in; makes a platform of its own. */
  readonly dir: string | undefined;
  readonly ports: Ports;
  /** A superuser URL of a Postgres of one's own; replaces the embedded one. */
  readonly databaseUrl: string | undefined;
  /** The URL of a NATS server of one's own, which must have loaded the generated config. */
  readonly natsUrl: string | undefined;
  /** The URL of the ledger's checker in a database of one's own. */
  readonly checkerUrl: string | undefined;
  /** A list of models, for agents. */
  readonly modelsFile: string | undefined;
  readonly logLevel: string;
}

/** Reads the runner's settings. @throws StartFailure that names the variables at fault, in one line */
export function readConfig(env: NodeJS.ProcessEnv = process.env): DevConfig {
  const ports = Object.fromEntries(
    Object.entries(PORT_TABLE).map(([name, entry]) => [name, readPort(env, entry)]),
  ) as unknown as Ports;
  return readSettings(env, (variables) => ({
    dir: variables.optional('APOLLO_DIR', ANY_TEXT, undefined),
    ports,
    databaseUrl: variables.optional('DATABASE_URL', DATABASE_URL, undefined),
    natsUrl: variables.optional('NATS_URL', NATS_URL, undefined),
    checkerUrl: variables.optional('CHECKER_DATABASE_URL', DATABASE_URL, undefined),
    modelsFile: variables.optional('MODELS_FILE', ANY_TEXT, undefined),
    logLevel: variables.optional('LOG_LEVEL', LOG_LEVEL, 'info'),
  }));
}

function readPort(env: NodeJS.ProcessEnv, { variable, port: usual, count = 1, http = false }: PortEntry): number {
  const text = env[variable];
  if (text === undefined || text === '') return usual;
  const first = Number(text);
  if (!Number.isInteger(first) || first < 1 || first > 65_535)
    throw new StartFailure(`${variable}=${text} is not a port: give a whole number from 1 to 65535.`);
  const refused = Array.from({ length: count }, (_, place) => first + place).find((port) => REFUSED_PORTS.has(port));
  if (http && refused !== undefined)
    throw new StartFailure(`${variable}=${text} cannot be used: browsers do not open port ${refused}. Name another.`);
  return first;
}
