import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { refuseMigrationCredential } from './config.js';

const run = promisify(execFile);
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

  it('is looked through for it, and for nothing else', () => {
    expect(() => refuseMigrationCredential({ MIGRATE_DATABASE_URL: 'postgres://localhost' })).toThrow('for migrations');
    expect(() => refuseMigrationCredential(environment)).not.toThrow();
  });
});
