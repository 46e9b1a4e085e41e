/** Where the one-shot jobs of a deploy find and leave things. */
export interface DeployConfig {
  /** Folder whose sub-folders are each handed to one consumer and to nobody else. */
  readonly volumes: string;
  /** Host and port of the database server. */
  readonly databaseHost: string;
  readonly database: string;
  readonly natsPort: number;
  /** Where the server is, for the job that sets up streams. */
  readonly natsUrl: string;
  /** Servers that hold each event: 1, or 3 in a cluster. */
  readonly streamReplicas: number;
  /** Folder that NATS keeps its streams in, as the server sees it. */
  readonly natsStore: string;
  /** Tag keys that are valid beside the service's own while keys are changed. */
  readonly otherTagKeys: readonly string[];
  /** Where a service finds its own files, as the service sees it. */
  readonly mountedAt: string;
}

/** Reads the settings of a deploy; the defaults are those of docker-compose.yml. */
export function readDeployConfig(env: NodeJS.ProcessEnv = process.env): DeployConfig {
  return {
    volumes: env['SECRETS_FOLDER'] || '/volumes',
    databaseHost: env['DATABASE_HOST'] || 'postgres:5432',
    database: env['DATABASE_NAME'] || 'apollo',
    natsPort: 4222,
    natsUrl: env['NATS_URL'] || 'nats://nats:4222',
    streamReplicas: Number(env['STREAM_REPLICAS'] || 1),
    natsStore: '/data',
    otherTagKeys: (env['OTHER_TAG_KEYS'] ?? '').split(',').filter((key) => key !== ''),
    mountedAt: '/secrets',
  };
}
