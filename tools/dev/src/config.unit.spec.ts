import { SERVICES } from '@apollo/operate';
import { StartFailure } from '@apollo/servers';
import { PORT_TABLE, readConfig } from './config.js';

function fail(line: string): never {
  throw new Error(line);
}

function isAccepted(variable: string, port: number): boolean {
  try {
    readConfig({ [variable]: String(port) });
    return true;
  } catch {
    return false;
  }
}

/** Every port is tried below this one, behind the last that fetch refuses, and some of the others. */
const ALL_BELOW = 10_200;

describe('the runner’s settings', () => {
  it('have defaults that need no environment', () => {
    expect(readConfig({})).toEqual({
      ports: { gateway: 8080, mailPage: 8025, smtp: 1025, postgres: 5433, nats: 4223, health: 8101 },
      databaseUrl: undefined,
      natsUrl: undefined,
      logLevel: 'info',
    });
  });

  it('want one health port for each service', () => {
    expect(PORT_TABLE.health.count).toBe(SERVICES.length);
  });

  it('take each port and each server of one’s own from the environment', () => {
    const config = readConfig({
      APOLLO_HTTP_PORT: '9090',
      APOLLO_POSTGRES_PORT: '',
      DATABASE_URL: 'postgres://x',
      NATS_URL: 'nats://y',
    });
    expect(config.ports).toMatchObject({ gateway: 9090, postgres: 5433 });
    expect(config).toMatchObject({ databaseUrl: 'postgres://x', natsUrl: 'nats://y' });
  });

  it('refuse a server or a level that is none, all at once and before anything is started', () => {
    const wrong = { DATABASE_URL: 'foo', NATS_URL: 'foo', LOG_LEVEL: 'loud' };
    expect(() => readConfig(wrong)).toThrow(StartFailure);
    expect(() => readConfig(wrong)).toThrow(/^DATABASE_URL is wrong: .*; NATS_URL is wrong: .*; LOG_LEVEL is wrong: /);
  });

  it.each(['http', '0', '65536', '80.5', '-1'])('refuse %s as a port in one line that names the variable', (value) => {
    expect(() => readConfig({ APOLLO_SMTP_PORT: value })).toThrow(StartFailure);
    expect(() => readConfig({ APOLLO_SMTP_PORT: value })).toThrow(`APOLLO_SMTP_PORT=${value} is not a port`);
  });

  it('refuse every port that fetch does not open, where something is asked over HTTP, and no other', async () => {
    const unreached = { dispatch: () => fail('asked') } as never;
    const opens = async (port: number): Promise<boolean> =>
      fetch(`http://127.0.0.1:${port}`, { dispatcher: unreached } as never).then(
        () => true,
        (error: Error) => (error.cause as Error).message !== 'bad port',
      );
    const misjudged: number[] = [];
    for (let port = 1; port < 65_536; port += port < ALL_BELOW ? 1 : 97)
      if ((await opens(port)) !== isAccepted('APOLLO_HTTP_PORT', port)) misjudged.push(port);
    expect(misjudged).toEqual([]);
    expect(() => readConfig({ APOLLO_MAIL_PORT: '6000' })).toThrow(
      'APOLLO_MAIL_PORT=6000 cannot be used: browsers do not open port 6000. Name another.',
    );
    expect([isAccepted('APOLLO_HEALTH_PORT', 10_075), isAccepted('APOLLO_HEALTH_PORT', 10_074)]).toEqual([false, true]);
    expect([isAccepted('APOLLO_SMTP_PORT', 587), isAccepted('APOLLO_POSTGRES_PORT', 6000)]).toEqual([true, true]);
  });
});
