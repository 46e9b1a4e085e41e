import { childEnvironment, PORT_TABLE, readConfig } from './config.js';
import { SERVICES } from './platform/service.catalog.js';
import { StartFailure } from './start-failure.js';

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

  it.each(['http', '0', '65536', '80.5', '-1'])('refuse %s as a port in one line that names the variable', (value) => {
    expect(() => readConfig({ APOLLO_SMTP_PORT: value })).toThrow(StartFailure);
    expect(() => readConfig({ APOLLO_SMTP_PORT: value })).toThrow(`APOLLO_SMTP_PORT=${value} is not a port`);
  });

  it('hand no stray variable of the shell to a child', () => {
    const environment = childEnvironment({
      PATH: '/bin',
      PGPASSWORD: 'x',
      NODE_OPTIONS: '--inspect',
      DATABASE_URL: 'y',
      https_proxy: 'z',
    });
    expect(environment).toEqual({ PATH: '/bin', https_proxy: 'z', LC_ALL: 'C' });
  });
});
