import { asStartFailure, StartFailure } from '@apollo/servers';
import { requireDatabaseUrl } from './server.failures.js';

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
 * Reads the settings of a deploy; the defaults are those of docker-compose.yml.
 *
 * @throws StartFailure for one that makes no sense
 */
export function readDeployConfig(env: NodeJS.ProcessEnv = process.env): DeployConfig {
  const natsUrl = env['NATS_URL'] || 'nats://nats:4222';
  const databaseUrl = env['DATABASE_URL'] || undefined;
  if (databaseUrl !== undefined) requireDatabaseUrl(databaseUrl);
  return {
    volumes: env['SECRETS_FOLDER'] || '/volumes',
    databaseHost: env['DATABASE_HOST'] || 'postgres:5432',
    database: env['DATABASE_NAME'] || 'apollo',
    databaseUrl,
    natsPort: portOf(natsUrl),
    natsUrl,
    streamReplicas: readCount(env, 'STREAM_REPLICAS'),
    streamMaxBytes: readCount(env, 'STREAM_MAX_BYTES'),
    natsStore: env['NATS_STORE'] || '/data',
    nkeyFile: env['NATS_NKEY_FILE'] || '/secrets/nkey',
  };
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

function portOf(natsUrl: string): number {
  if (!URL.canParse(natsUrl)) throw new StartFailure(`NATS_URL=${natsUrl} is no URL: nats://<host>:<port>.`);
  return Number(new URL(natsUrl).port || 4222);
}

function readCount(env: NodeJS.ProcessEnv, name: string): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new StartFailure(`${name}=${text} is not a whole number above 0.`);
}

/** @throws StartFailure where CHECKER_DATABASE_URL, the URL of the role that only reads the ledger, is not set */
export function requireCheckerUrl(env: NodeJS.ProcessEnv = process.env): string {
  const url = env['CHECKER_DATABASE_URL'];
  if (!url) throw new StartFailure('Set CHECKER_DATABASE_URL: the URL of the role that only reads the ledger.');
  return url;
}
