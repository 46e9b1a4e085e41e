import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartFailure } from '@apollo/servers';
import { newId } from '@apollo/tenancy';
import { saveSecrets } from '../secrets/secrets.store.js';
import { readDeployConfig } from '../config.js';
import { changeReaders } from './deploy.readers.js';
import { deploySecrets, secretsFile, writeDeploySecrets } from './deploy.secrets.js';

const me = process.getuid?.() ?? 0;

describe('the secrets of a deploy', () => {
  let volumes: string;
  const config = () => readDeployConfig({ SECRETS_FOLDER: volumes });
  const read = (path: string) => readFile(join(volumes, path), 'utf8');

  beforeEach(async () => {
    volumes = await mkdtemp(join(tmpdir(), 'apollo-deploy-'));
    await writeDeploySecrets(config(), { service: me, postgres: me });
  });
  afterEach(() => rm(volumes, { recursive: true, force: true }));

  it('gives each service what it needs and nothing of another one', async () => {
    expect((await readdir(join(volumes, 'leads'))).sort()).toEqual([
      'context-public-keys.json',
      'context.json',
      'nkey',
      'service.env',
    ]);
    const { secrets } = await deploySecrets(config());
    const everything = await Promise.all((await readdir(join(volumes, 'leads'))).map((file) => read(`leads/${file}`)));
    const text = everything.join('\n');
    expect(text).toContain(secrets.databasePasswords['leads']?.app);
    expect(text).not.toContain(secrets.databasePasswords['leads']?.migrate);
    expect(text).not.toContain(secrets.databasePasswords['orgs']?.app);
    expect(text).not.toContain(secrets.contextKeys['orgs']?.d);
    expect(text).not.toContain(secrets.sealingKey);
  });

  it('tells nothing that keeps running how migrations log in', async () => {
    const { secrets } = await deploySecrets(config());
    const migrations = Object.values(secrets.databasePasswords).map(({ migrate }) => migrate);
    expect(await read('leads-deploy/migrate.env')).toContain(secrets.databasePasswords['leads']?.migrate);
    for (const folder of ['identity', 'orgs', 'leads', 'agents', 'billing-stars', 'gateway', 'nats', 'postgres'])
      for (const file of await readdir(join(volumes, folder)))
        for (const password of migrations) expect(await read(`${folder}/${file}`)).not.toContain(password);
  });

  it('takes no number for the streams that is none', () => {
    expect(readDeployConfig({ STREAM_REPLICAS: '3', STREAM_MAX_BYTES: '' })).toMatchObject({
      streamReplicas: 3,
      streamMaxBytes: undefined,
    });
    for (const text of ['x', '0', '1.5', '-1', '1e99'])
      expect(() => readDeployConfig({ STREAM_MAX_BYTES: text })).toThrow(
        'STREAM_MAX_BYTES is wrong: it must be a whole number above 0.',
      );
  });

  it('names the database of a server of one’s own to each service, under its own role, and its superuser to nobody', async () => {
    const databaseUrl = 'postgres://root:of%20one%27s%20own@db.test:6432/space?sslmode=require';
    await writeDeploySecrets(readDeployConfig({ SECRETS_FOLDER: volumes, DATABASE_URL: databaseUrl }));
    const { secrets, adminUrl } = await deploySecrets(
      readDeployConfig({ SECRETS_FOLDER: volumes, DATABASE_URL: databaseUrl }),
    );
    expect(adminUrl).toBe(databaseUrl);
    for (const [file, role, password] of [
      ['leads/service.env', 'leads_app', secrets.databasePasswords['leads']?.app],
      ['leads-deploy/migrate.env', 'leads_migrate', secrets.databasePasswords['leads']?.migrate],
      [
        'billing-stars-deploy/checker.env',
        'billing_stars_checker',
        secrets.databasePasswords['billing-stars']?.checker,
      ],
    ] as const) {
      const text = await read(file);
      expect(text).toContain(`postgres://${role}:${password}@db.test:6432/space?sslmode=require`);
      expect(text).not.toContain('own@');
    }
  });

  it('has a reader from outside known to NATS and to who sets up streams, until it is revoked', async () => {
    const secrets = (await deploySecrets(config())).secrets;
    const keys = join(volumes, 'all', 'keys');
    const org = newId();
    const said = await changeReaders(secrets, { server: 'nats://bus:4222', keys }, ['grant', org, 'partner']);
    await saveSecrets(secretsFile(config()), secrets);
    await writeDeploySecrets(config());
    const { publicKey, seed } = secrets.eventReaders['partner'] ?? { publicKey: 'none', seed: 'none' };
    expect(JSON.parse(await read('nats-deploy/readers.json'))).toEqual([{ name: 'partner', orgId: org, publicKey }]);
    expect(await read('nats/nats.conf')).toContain(publicKey);
    expect(await read('all/keys/reader-partner.nkey')).toBe(seed);
    expect(said).toContain('reader-partner.nkey');
    expect(said).toContain('server       nats://bus:4222');
    expect(said).toContain(`public keys  ${join(keys, 'context-public-keys.json')}`);
    for (const words of [
      ['grant', 'acme', 'other'],
      ['grant', org, 'partner'],
      ['grant', org],
      ['revoke', 'nobody'],
      [],
    ])
      await expect(changeReaders(secrets, { server: 'nats://bus:4222', keys }, words)).rejects.toThrow(StartFailure);
    await changeReaders(secrets, { server: 'nats://bus:4222', keys }, ['revoke', 'partner']);
    await saveSecrets(secretsFile(config()), secrets);
    await writeDeploySecrets(config());
    expect(await read('nats-deploy/readers.json')).toBe('[]\n');
    expect(await read('nats/nats.conf')).not.toContain(publicKey);
  });

  it('tells the gateway of no database', async () => {
    expect(await read('gateway/service.env')).toBe('');
  });

  it('keeps the superuser’s password from every service', async () => {
    const password = (await read('postgres/password')).trim();
    expect(new URL((await deploySecrets(config())).adminUrl).password).toBe(encodeURIComponent(password));
    for (const folder of [
      'identity',
      'orgs',
      'leads',
      'gateway',
      'identity-deploy',
      'orgs-deploy',
      'leads-deploy',
      'agents',
      'agents-deploy',
      'billing-stars',
      'billing-stars-deploy',
      'nats',
      'nats-deploy',
    ]) {
      for (const file of await readdir(join(volumes, folder)))
        expect(await read(`${folder}/${file}`)).not.toContain(password);
    }
  });

  it('tells NATS public keys only', async () => {
    const { secrets } = await deploySecrets(config());
    const text = await read('nats/nats.conf');
    for (const { seed, publicKey } of Object.values(secrets.natsKeys)) {
      expect(text).toContain(publicKey);
      expect(text).not.toContain(seed);
    }
  });

  it('closes every folder and file to other accounts', async () => {
    for (const folder of await readdir(volumes)) {
      if (folder === 'nats-data') continue;
      expect((await stat(join(volumes, folder))).mode & 0o077).toBe(0);
      for (const file of await readdir(join(volumes, folder)))
        expect((await stat(join(volumes, folder, file))).mode & 0o077).toBe(0);
    }
  });

  it('makes them once: a second run changes nothing', async () => {
    const before = await Promise.all(
      ['leads/service.env', 'nats/nats.conf', 'postgres/password', 'identity/context.json'].map(read),
    );
    await writeDeploySecrets(config());
    expect(
      await Promise.all(
        ['leads/service.env', 'nats/nats.conf', 'postgres/password', 'identity/context.json'].map(read),
      ),
    ).toEqual(before);
  });
});
