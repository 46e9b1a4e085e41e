import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpuMs, residentMb } from './process.usage.js';

const burn = (ms: number): string =>
  `const end = process.cpuUsage().user + ${ms} * 1000; while (process.cpuUsage().user < end);`;

describe('process usage', () => {
  it('counts what a process used, and what its ended children used', async () => {
    const parent = spawn(
      process.execPath,
      [
        '-e',
        `
      require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(burn(300))}]);
      ${burn(200)} process.stdout.write('done'); setInterval(() => undefined, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      await once(parent.stdout, 'data');
      expect(cpuMs([parent.pid as number])).toBeGreaterThanOrEqual(480);
      expect(residentMb(parent.pid as number)).toBeGreaterThan(5);
    } finally {
      parent.kill('SIGKILL');
      await once(parent, 'exit');
    }
  });

  it('does not take a process that has ended for one that used nothing', () => {
    expect(() => cpuMs([2 ** 22 + 1])).toThrow(/has ended/);
  });
});
