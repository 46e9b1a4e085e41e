import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoPassword, loadSecrets } from '@apollo/operate';
import { identify, startDaemon } from '@apollo/servers';
import { lockInstance } from './instance.lock.js';
import { prepareLayout } from './platform.layout.js';

describe('the folder of a platform', () => {
  let folder: string;
  let file: string;
  const silent = () => undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apollo-home-'));
    file = join(folder, 'processes.json');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('is used by one runner at a time', async () => {
    const lock = await lockInstance(file, silent);
    await expect(lockInstance(file, silent)).rejects.toThrow(
      `Apollo Space already runs here as process ${process.pid}`,
    );
    await lock.release();
    await (await lockInstance(file, silent)).release();
  });

  it('is taken over from a killed runner, after stopping what that one left, and nothing else', async () => {
    const daemon = await startDaemon({
      name: 'left',
      command: process.execPath,
      args: ['-e', 'setInterval(() => {}, 1000)'],
      env: {},
      logFile: join(folder, 'left.log'),
    });
    const note = {
      runner: { pid: process.pid, started: 'long ago' },
      children: { leads: identify(daemon.pid), recycled: { pid: process.pid, started: 'long ago' } },
    };
    await writeFile(file, JSON.stringify(note));
    const lines: string[] = [];
    const lock = await lockInstance(file, (line) => lines.push(line));
    expect(await daemon.ended).toEqual({ code: null, signal: 'SIGINT' });
    expect(lines).toEqual(['Stopping what a killed run left behind: leads']);
    await lock.release();
  });

  it('remembers every child, also those that start at the same moment', async () => {
    const lock = await lockInstance(file, silent);
    const names = Array.from({ length: 20 }, (_, i) => `service-${i}`);
    await Promise.all(names.map((name) => lock.add(name, process.pid)));
    const note = JSON.parse(await readFile(file, 'utf8')) as { children: object };
    expect(Object.keys(note.children)).toEqual(names);
    await lock.release();
  });

  it('survives a note that was cut off in the middle', async () => {
    await writeFile(file, '{"runner":{"pi');
    await (await lockInstance(file, silent)).release();
  });

  it('keeps its secrets from other accounts and over restarts', async () => {
    const path = join(folder, 'secrets.json');
    const first = await loadSecrets(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const password = await demoPassword(path, first, 'ada@example.test');
    const second = await loadSecrets(path);
    expect(second).toEqual(first);
    expect(await demoPassword(path, second, 'ada@example.test')).toBe(password);
    expect(Object.keys(second.databasePasswords)).toEqual(['identity', 'orgs', 'leads', 'agents', 'billing-stars']);
    expect(second.tagKeys['leads']).toMatch(/^[0-9a-f]{64}$/);
    expect(second.natsKeys['gateway']).toEqual({
      seed: expect.stringMatching(/^SU/),
      publicKey: expect.stringMatching(/^U/),
    });
    expect(second.contextKeys['orgs']).toMatchObject({
      kty: 'OKP',
      crv: 'Ed25519',
      kid: 'orgs',
      d: expect.any(String),
    });
    expect(new Set(Object.values(second.tagKeys)).size).toBe(5);
  });

  it('gets what a newer version needs without losing what it had', async () => {
    const path = join(folder, 'secrets.json');
    const before = await loadSecrets(path);
    const { tagKeys, ...older } = before;
    await writeFile(path, JSON.stringify({ ...older, tagKeys: { leads: tagKeys['leads'] } }));
    const after = await loadSecrets(path);
    expect(after.tagKeys['leads']).toBe(tagKeys['leads']);
    expect(after.tagKeys['orgs']).toMatch(/^[0-9a-f]{64}$/);
    expect(after.sealingKey).toBe(before.sealingKey);
  });

  it('is refused in one line when it cannot be a folder or its secrets are broken', async () => {
    await writeFile(join(folder, 'taken'), '');
    await expect(prepareLayout(join(folder, 'taken'))).rejects.toThrow(/^Cannot use .*taken: /);
    await writeFile(join(folder, 'secrets.json'), '{');
    await expect(loadSecrets(join(folder, 'secrets.json'))).rejects.toThrow(/is not JSON any more/);
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).toBe('{');
  });
});
