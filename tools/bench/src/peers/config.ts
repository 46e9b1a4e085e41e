/** What a peer needs to know; the bench gives it to the processes it starts. */
export interface PeerConfig {
  /** URL of the leads service's runtime role. */
  readonly databaseUrl: string;
  /** 64 hex digits: the key of that role's session tag. */
  readonly tagKey: string;
  readonly natsUrl: string;
  readonly natsToken: string;
}

/** The same as the environment of a peer's process. */
export function peerEnvironment(config: PeerConfig): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production',
    DATABASE_URL: config.databaseUrl,
    TAG_KEY: config.tagKey,
    NATS_URL: config.natsUrl,
    NATS_TOKEN: config.natsToken,
  };
}

/** Reads the environment of a peer's process. */
export function peerConfig(): PeerConfig {
  const read = (name: string): string => {
    const value = process.env[name];
    if (!value) throw new Error(`${name} is not set: peers are started by the bench`);
    return value;
  };
  return {
    databaseUrl: read('DATABASE_URL'),
    tagKey: read('TAG_KEY'),
    natsUrl: read('NATS_URL'),
    natsToken: read('NATS_TOKEN'),
  };
}
