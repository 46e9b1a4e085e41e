import { spawn } from 'node:child_process';
import { existsSync, openSync, closeSync } from 'node:fs';
import { once } from 'node:events';

/** A device on which nothing can be written for want of room; Linux has it. */
const FULL = '/dev/full';
const program = new URL('../../dist/process/index.js', import.meta.url).href;
const LINES = 20_000;

const code = `
  import { register } from 'prom-client';
  import { createLogger } from '${program}';
  const logger = createLogger('specimen', 'info');
  for (let n = 0; n < ${LINES}; n += 1) logger.info({ n }, 'a line');
  setTimeout(() => logger.info('and one more'), 50);
  const failures = async () => (await register.getSingleMetric('apollo_log_failures_total').get()).values[0].value;
  process.once('beforeExit', async () => {
    const hasFailed = (await failures()) > 0;
    process.on('exit', (code) => process.stderr.write('ended by itself with ' + code + ', failures counted: ' + hasFailed));
  });
`;

async function run(stdout: number | 'pipe'): Promise<{ code: number | null; out: string; said: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', stdout, 'pipe'] });
  let [out, said] = ['', ''];
  child.stdout?.on('data', (chunk) => (out += String(chunk)));
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  const [exit] = (await once(child, 'close')) as [number | null];
  return { code: exit, out, said };
}

describe('a log line', () => {
  it('is written as JSON', async () => {
    const { code: exit, out, said } = await run('pipe');
    expect([exit, said]).toEqual([0, 'ended by itself with 0, failures counted: false']);
    expect(out.trim().split('\n')).toHaveLength(LINES + 1);
    expect(JSON.parse(out.slice(0, out.indexOf('\n')))).toMatchObject({ service: 'specimen', n: 0, msg: 'a line' });
  });

  (existsSync(FULL) ? it : it.skip)(
    'never ends a process, also where nothing can be written, which is counted',
    async () => {
      const full = openSync(FULL, 'w');
      try {
        expect(await run(full)).toEqual({ code: 0, out: '', said: 'ended by itself with 0, failures counted: true' });
      } finally {
        closeSync(full);
      }
    },
  );
});

describe('a process', () => {
  /** Runs one that is made of `start`, told to stop once it says that it is there; gives its exit code and its lines. */
  async function ended(start: string): Promise<{ code: number | null; lines: object[] }> {
    const source = `import { runProcess } from '${program}'; runProcess('specimen', ${start});`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += String(chunk);
      if (!child.killed && out.includes('here')) child.kill('SIGTERM');
    });
    const [exit] = (await once(child, 'close')) as [number | null];
    const lines = out.split('\n').filter((line) => line.startsWith('{'));
    return { code: exit, lines: lines.map((line) => JSON.parse(line) as object) };
  }
  const here = 'setTimeout(() => console.log("here"), 0); setInterval(() => undefined, 1_000);';

  it.each([
    ['ends as it should once it has stopped', `async () => { ${here} return { stop: async () => undefined }; }`, 0],
    [
      'says so where it cannot stop',
      `async () => { ${here} return { stop: () => Promise.reject(new Error('no')) }; }`,
      1,
    ],
  ])('%s', async (_what, start, exit) => {
    const { code: found, lines } = await ended(start);
    expect([found, lines]).toEqual([
      exit,
      [expect.objectContaining({ level: 30, signal: 'SIGTERM', msg: 'stopping' })],
    ]);
  });

  it.each(["() => { throw new Error('no port') }", "async () => { throw new Error('no port') }"])(
    'that does not start ends with one line that says why: %s',
    async (start) => {
      const line = { level: 60, service: 'specimen', error: 'no port', msg: 'specimen did not start' };
      expect(await ended(start)).toEqual({ code: 1, lines: [expect.objectContaining(line)] });
    },
  );
});
