import { asStartFailure, StartFailure } from '@apollo/servers';
import {
  ANY_TEXT,
  ConfigurationError,
  DATABASE_URL,
  type Environment,
  NATS_URL,
  readVariables,
  type Variables,
  wholeNumber,
} from '@apollo/service-kit/process';

/** Where the one-shot jobs of a deploy find and leave things. */
export interface DeployConfig {
  /** Folder whose sub-folders are each handed to one consumer and to nobody else. */
  readonly volumes: string;
  /** Host and port of the database server that the deploy brings. */
  readonly databaseHost: string;
  readonly database: string;
  /** A superuser's URL of a server of one's own; the deploy's own one is named by host and database. */
  readonly databaseUrl: string | undefined;
  readonly natsPort: number;
  /** Where the server is, for the job that sets up streams. */
  readonly natsUrl: string;
  /** Servers that hold each event; see `StreamSize`. */
  readonly streamReplicas: number | undefined;
  /** Bytes each stream may hold; see `StreamSize`. */
  readonly streamMaxBytes: number | undefined;
  /** Folder that NATS keeps its streams in, as the server sees it. */
  readonly natsStore: string;
  /** The credential that sets up streams. */
  readonly nkeyFile: string;
}

/**
 * Reads an environment for a program whose failures are said in a line.
 *
 * @throws StartFailure that names every variable at fault, and says what it must be
 */
export function readSettings<T>(environment: Environment, read: (variables: Variables) => T): T {
  try {
    return readVariables(environment, read);
  } catch (error) {
    throw error instanceof ConfigurationError ? new StartFailure(`${error.message}.`, { cause: error }) : error;
  }
}

/**
 * Reads the settings of a deploy; the defaults are those of docker-compose.yml.
 *
 * @throws StartFailure for those that make no sense
 */
export function readDeployConfig(environment: Environment = process.env): DeployConfig {
  const count = wholeNumber(1, Number.MAX_SAFE_INTEGER, 'a whole number above 0');
  const settings = readSettings(environment, (variables) => ({
    volumes: variables.optional('SECRETS_FOLDER', ANY_TEXT, '/volumes'),
    databaseHost: variables.optional('DATABASE_HOST', ANY_TEXT, 'postgres:5432'),
    database: variables.optional('DATABASE_NAME', ANY_TEXT, 'apollo'),
    databaseUrl: variables.optional('DATABASE_URL', DATABASE_URL, undefined),
    natsUrl: variables.optional('NATS_URL', NATS_URL, 'nats://nats:4222'),
    streamReplicas: variables.optional('STREAM_REPLICAS', count, undefined),
    streamMaxBytes: variables.optional('STREAM_MAX_BYTES', count, undefined),
    natsStore: variables.optional('NATS_STORE', ANY_TEXT, '/data'),
    nkeyFile: variables.optional('NATS_NKEY_FILE', ANY_TEXT, '/secrets/nkey'),
  }));
  return { ...settings, natsPort: portOf(settings.natsUrl) };
}

/**
 * What is wrong with a file or folder of a deploy, in one line that names its variable; anything else is given back
 * unchanged.
 */
export function deployFailure(error: unknown, variable: string): unknown {
  const { code, path = '' } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new StartFailure(`There is no ${path}: set ${variable}.`, { cause: error });
  const failure = asStartFailure(error, path);
  return failure instanceof StartFailure && failure !== error
    ? new StartFailure(`${failure.message} Another one is named by ${variable}.`, { cause: error })
    : error;
}

/** Of a cluster's servers the first one's: all are configured alike. */
function portOf(natsUrl: string): number {
  return Number(new URL(natsUrl.split(',')[0] ?? '').port || 4222);
}

/** @throws StartFailure where CHECKER_DATABASE_URL, the URL of the role that only reads the ledger, is none */
export function requireCheckerUrl(environment: Environment = process.env): string {
  return readSettings(environment, (variables) => variables.required('CHECKER_DATABASE_URL', DATABASE_URL));
}
