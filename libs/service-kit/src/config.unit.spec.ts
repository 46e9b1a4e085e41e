import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { refuseMigrationCredential } from './config.js';

const run = promisify(execFile);
const nodePath = process.execPath;
const READ = "import { processConfig } from '@apollo/service-kit'; console.log(processConfig().natsUrl)";

describe('the environment of a running service', () => {
  let folder: string;
  let environment: Record<string, string>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apollo-config-'));
    const keys = join(folder, 'keys.json');
    await writeFile(keys, JSON.stringify({ keys: [] }));
    environment = {
      NATS_URL: 'nats://localhost',
      NATS_NKEY_FILE: keys,
      CONTEXT_SIGNING_KEY_FILE: keys,
      CONTEXT_PUBLIC_KEYS_FILE: keys,
    };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const read = (env: Record<string, string>): Promise<{ stdout: string }> =>
    run(process.execPath, ['--input-type=module', '--eval', READ], { env });

  it('is read where it holds what the service needs', async () => {
    expect((await read(environment)).stdout).toBe('nats://localhost\n');
  });

  it('is refused where it holds the credential of the migrations', async () => {
    await expect(read({ ...environment, MIGRATE_DATABASE_URL: 'postgres://localhost' })).rejects.toThrow(
      'MIGRATE_DATABASE_URL is for migrations',
    );
  });

  it('is read as it is, or the variable at fault is named', async () => {
    const [url, tag] = [{ DATABASE_URL: 'postgres://app' }, { TENANCY_TAG_KEY: 'aa' }];
    const own = { NATS_URL: '', NATS_NKEY_FILE: '', CONTEXT_SIGNING_KEY_FILE: '', CONTEXT_PUBLIC_KEYS_FILE: '' };
    const usual = {
      natsUrl: 'nats://localhost',
      natsNkeyFile: environment['NATS_NKEY_FILE'],
      signingKey: { keys: [] },
      publicKeys: [],
      healthHost: '127.0.0.1',
      healthPort: 0,
      logLevel: 'info',
      production: false,
    };
    const chosen = { HEALTH_HOST: '0.0.0.0', HEALTH_PORT: '65535', LOG_LEVEL: 'warn', NODE_ENV: 'production' };
    const relay = { RELAY_DATABASE_URL: 'postgres://relay' };
    const service = { ...usual, databaseUrl: 'postgres://app', tagKey: 'aa' };
    const cases: [string, string[], Record<string, string>, unknown][] = [
      ['processConfig', [], environment, usual],
      [
        'processConfig',
        [],
        { ...environment, ...chosen },
        { ...usual, healthHost: '0.0.0.0', healthPort: 65_535, logLevel: 'warn', production: true },
      ],
      ...Object.keys(own).map((name): [string, string[], Record<string, string>, unknown] => [
        'processConfig',
        [],
        { ...environment, [name]: '' },
        `ConfigurationError: ${name} is not set`,
      ]),
      [
        'processConfig',
        [],
        { ...environment, CONTEXT_SIGNING_KEY_FILE: '/nowhere' },
        'ConfigurationError: CONTEXT_SIGNING_KEY_FILE names no readable JSON file',
      ],
      ['serviceConfig', [], { ...environment, ...url, ...tag }, service],
      ['serviceConfig', [], { ...environment, ...url, ...tag, ...relay }, { ...service, relayUrl: 'postgres://relay' }],
      ['serviceConfig', [], { ...environment, ...url }, 'ConfigurationError: TENANCY_TAG_KEY is not set'],
      ['serviceConfig', [], { ...environment, ...tag }, 'ConfigurationError: DATABASE_URL is not set'],
      ['databaseConfig', [], { ...url, ...tag }, { url: 'postgres://app', tagKey: 'aa' }],
      ['databaseConfig', [], url, 'ConfigurationError: TENANCY_TAG_KEY is not set'],
      ['databaseConfig', [], tag, 'ConfigurationError: DATABASE_URL is not set'],
      ['migrateUrl', [], { MIGRATE_DATABASE_URL: 'postgres://migrate' }, 'postgres://migrate'],
      ...['65536', '-1', '1.5', 'x'].map((port): [string, string[], Record<string, string>, unknown] => [
        'port',
        ['PORT'],
        { PORT: port },
        'ConfigurationError: PORT is not a port',
      ]),
      ['port', ['PORT'], { PORT: '0' }, 0],
    ];
    const program = `
      import * as kit from '@apollo/service-kit';
      console.log(JSON.stringify(JSON.parse(process.argv[1]).map(([name, words, env]) => {
        process.env = env;
        try { return kit[name](...words, 8080); } catch (error) { return error.name + ': ' + error.message; }
      })));`;
    const words = ['--input-type=module', '--eval', program, JSON.stringify(cases.map((each) => each.slice(0, 3)))];
    const { stdout } = await run(nodePath, words, { env: {} });
    expect(JSON.parse(stdout)).toEqual(cases.map(([, , , wanted]) => wanted));
  });

  it('is looked through for it, and for nothing else', () => {
    expect(() => refuseMigrationCredential({ MIGRATE_DATABASE_URL: 'postgres://localhost' })).toThrow('for migrations');
    expect(() => refuseMigrationCredential(environment)).not.toThrow();
  });
});
