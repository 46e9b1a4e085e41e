import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUser } from '@nats-io/nkeys';
import { databaseConfig, mailConfig, migrateUrl, processConfig, serviceConfig } from './config.js';
import { PORT } from './process/variable.kinds.js';
import { ConfigurationError, type Environment } from './process/variables.js';

describe('the environment of a process', () => {
  const signingKey = { kty: 'OKP', crv: 'Ed25519', x: 'x', d: 'd' };
  const tagKey = '5e'.repeat(32);
  let folder: string;
  let bus: Record<string, string>;
  let database: Record<string, string>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apollo-config-'));
    const file = async (name: string, text: string): Promise<string> => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    };
    bus = {
      NATS_URL: 'nats://localhost',
      NATS_NKEY_FILE: await file('nkey', new TextDecoder().decode(createUser().getSeed())),
      CONTEXT_SIGNING_KEY_FILE: await file('own.json', JSON.stringify(signingKey)),
      CONTEXT_PUBLIC_KEYS_FILE: await file('all.json', JSON.stringify({ keys: [signingKey] })),
    };
    database = { DATABASE_URL: 'postgres://app', RELAY_DATABASE_URL: 'postgres://relay', TENANCY_TAG_KEY: tagKey };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const usual = () => ({
    natsUrl: 'nats://localhost',
    natsNkeyFile: join(folder, 'nkey'),
    signingKey,
    publicKeys: [signingKey],
    acceptsUnsealed: false,
    healthHost: '127.0.0.1',
    healthPort: 0,
    logLevel: 'info',
    production: false,
  });
  const none = () => ({});
  /** What a reader says of an environment that it refuses, each thing alone. */
  const refused = (read: (environment: Environment) => unknown, environment: Environment): string[] => {
    try {
      return [JSON.stringify(read(environment))];
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      return (error as Error).message.split('; ').map((each) => each.replace(/: it must be .+$/, ''));
    }
  };

  it('is read where it holds what the process needs', () => {
    expect(processConfig(bus, none)).toEqual(usual());
    const chosen = {
      HEALTH_HOST: '0.0.0.0',
      HEALTH_PORT: '65535',
      LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
      UNSEALED_ANSWERS: 'accept',
    };
    const read = {
      healthHost: '0.0.0.0',
      healthPort: 65_535,
      logLevel: 'warn',
      production: true,
      acceptsUnsealed: true,
    };
    expect(processConfig({ ...bus, ...chosen }, none)).toEqual({ ...usual(), ...read });
    const own = (environment: Environment) =>
      serviceConfig('leads', environment, (variables) => ({ own: variables.optional('OWN', PORT, null) }));
    const service = { ...usual(), databaseUrl: 'postgres://app', relayUrl: 'postgres://relay', tagKey };
    expect(own({ ...bus, ...database, OWN: '7' })).toEqual({ ...service, own: 7 });
    expect(own({ ...bus, ...database, OWN: '' })).toEqual({ ...service, own: null });
  });

  it('is refused with every variable that is missing, also those of a service’s own, at once', () => {
    const orgs = (environment: Environment) => serviceConfig('orgs', environment, mailConfig);
    const mail = ['SMTP_URL', 'MAIL_FROM', 'PUBLIC_URL'];
    const all = [...Object.keys(bus), 'DATABASE_URL', 'RELAY_DATABASE_URL', 'TENANCY_TAG_KEY', ...mail];
    expect(refused(orgs, {})).toEqual(all.map((name) => `${name} is not set`));
    expect(refused((environment) => processConfig(environment, none), { ...bus, NATS_URL: '' })).toEqual([
      'NATS_URL is not set',
    ]);
  });

  it('is not asked for a relay of a service that tells of nothing', () => {
    const { RELAY_DATABASE_URL: _, ...others } = database;
    expect(serviceConfig('identity', { ...bus, ...others })).not.toHaveProperty('relayUrl');
    expect(refused((environment) => serviceConfig('leads', environment), { ...bus, ...others })).toEqual([
      'RELAY_DATABASE_URL is not set',
    ]);
  });

  it('is refused with every variable that is wrong, which is named and not shown', () => {
    const wrong = {
      ...{ NATS_URL: 'foo', NATS_NKEY_FILE: '/nope', CONTEXT_SIGNING_KEY_FILE: '/nope', NODE_ENV: 'prod' },
      ...{ CONTEXT_PUBLIC_KEYS_FILE: '/nope', HEALTH_PORT: 'abc', LOG_LEVEL: 'loud', DATABASE_URL: 'foo' },
      ...{
        RELAY_DATABASE_URL: 'foo',
        TENANCY_TAG_KEY: 'a secret',
        SMTP_URL: 'foo',
        MAIL_FROM: 'foo',
        PUBLIC_URL: 'foo',
      },
    };
    const read = (environment: Environment) => serviceConfig('orgs', environment, mailConfig);
    const said = refused(read, wrong);
    expect(said.sort()).toEqual(
      Object.keys(wrong)
        .map((name) => `${name} is wrong`)
        .sort(),
    );
    expect(() => read(wrong)).toThrow('LOG_LEVEL is wrong: it must be trace, debug');
    expect(() => read(wrong)).not.toThrow('a secret');
  });

  it('of an operator’s command or of migrations is read, or the variables at fault are named', () => {
    expect(databaseConfig(database)).toEqual({ url: 'postgres://app', tagKey });
    expect(refused(databaseConfig, {})).toEqual(['DATABASE_URL is not set', 'TENANCY_TAG_KEY is not set']);
    expect(migrateUrl({ MIGRATE_DATABASE_URL: 'postgres://migrate' })).toBe('postgres://migrate');
    expect(refused(migrateUrl, {})).toEqual(['MIGRATE_DATABASE_URL is not set']);
    expect(refused(migrateUrl, { MIGRATE_DATABASE_URL: 'foo' })).toEqual(['MIGRATE_DATABASE_URL is wrong']);
  });

  it('is refused where it holds the credential of the migrations and serves', () => {
    const withIt = { ...bus, ...database, MIGRATE_DATABASE_URL: 'postgres://localhost' };
    const reading = [() => processConfig(withIt, none), () => serviceConfig('leads', withIt)];
    for (const read of reading) expect(read).toThrow('MIGRATE_DATABASE_URL is for migrations');
  });
});
