import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartFailure } from '@apollo/servers';
import { readRunning } from './running.file.js';

describe('what is said about a running platform', () => {
  let folder: string;
  const file = (): string => join(folder, 'running.json');
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apollo-running-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is believed while its runner runs', async () => {
    const running = { pids: { runner: process.pid } };
    await writeFile(file(), JSON.stringify(running));
    expect(await readRunning(file())).toEqual(running);
  });

  it('is one line where the runner was killed, or nothing runs', async () => {
    await expect(readRunning(file())).rejects.toThrow('Nothing runs here');
    const { pid } = spawnSync(process.execPath, ['--version']);
    await writeFile(file(), JSON.stringify({ pids: { runner: pid } }));
    const killed = readRunning(file());
    await expect(killed).rejects.toThrow(StartFailure);
    await expect(killed).rejects.toThrow('What ran here was killed');
  });
});
