/**
 * The environment of an `npm start` that keeps everything in `folder`, on five given ports and five from `health` on.
 */
export function startEnvironment(folder: string, ports: readonly number[], health: number): NodeJS.ProcessEnv {
  const [http, mail, smtp, postgres, nats] = ports;
  return {
    ...process.env,
    APOLLO_DIR: folder,
    APOLLO_HTTP_PORT: String(http),
    APOLLO_MAIL_PORT: String(mail),
    APOLLO_SMTP_PORT: String(smtp),
    APOLLO_POSTGRES_PORT: String(postgres),
    APOLLO_NATS_PORT: String(nats),
    APOLLO_HEALTH_PORT: String(health),
    DATABASE_URL: '',
    NATS_URL: '',
  };
}
