import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { operatorEnvironment } from './config.js';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Where nobody listens. */
const NOWHERE = '127.0.0.1:1';
const KEY = 'a'.repeat(64);

describe('a program that an operator runs in vain', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'apollo-operators-'));
    // As a runner leaves it that was killed; no process has this number any more.
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(join(folder, 'running.json'), JSON.stringify({ pids: { runner: pid }, postgres: {} }));
    writeFileSync(join(folder, 'nkey'), '');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (file: string, words: readonly string[], env: Record<string, string>) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, file), ...words], {
      env: { ...operatorEnvironment(folder), ...env },
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status, said: `${stdout}${stderr}` };
  };

  it.each<[file: string, words: string[], env: Record<string, string>, line: RegExp]>([
    ['apps/system-tests/dist/faults/soak.js', ['--minutes', 'x'], {}, /takes a whole number/],
    ['apps/system-tests/dist/faults/soak.js', ['no such fault'], {}, /No fault has such a name/],
    ['apps/identity/dist/migrate.js', ['all'], {}, /takes no arguments: all/],
    ['apps/orgs/dist/migrate.js', [], {}, /MIGRATE_DATABASE_URL is not set/],
    ['apps/leads/dist/migrate.js', [], { MIGRATE_DATABASE_URL: `postgres://x:y@${NOWHERE}/z` }, /ECONNREFUSED/],
    [
      'apps/billing-stars/dist/dead-letters.js',
      ['list'],
      { DATABASE_URL: `postgres://x:y@${NOWHERE}/z`, TENANCY_TAG_KEY: KEY },
      /ECONNREFUSED/,
    ],
    ['tools/dev/dist/operate/dead.letters.js', ['orgs', 'list'], {}, /Services that react to events/],
    ['tools/dev/dist/operate/dead.letters.js', ['leads', 'list'], {}, /What ran here was killed/],
    ['tools/dev/dist/operate/event.reader.js', ['list'], {}, /What ran here was killed/],
    ['tools/dev/dist/operate/purges.js', [], {}, /What ran here was killed/],
    ['tools/dev/dist/operate/purges.js', ['all'], {}, /takes no arguments: all/],
    [
      'apps/orgs/dist/purges.js',
      [],
      { DATABASE_URL: `postgres://x:y@${NOWHERE}/z`, TENANCY_TAG_KEY: KEY },
      /ECONNREFUSED/,
    ],
    ['tools/dev/dist/demo/demo.js', [], {}, /What ran here was killed/],
    ['tools/dev/dist/operate/ledger.check.js', [], {}, /What ran here was killed/],
    [
      'tools/dev/dist/operate/ledger.check.js',
      [],
      { CHECKER_DATABASE_URL: `postgres://x:y@${NOWHERE}/z` },
      /CHECKER_DATABASE_URL \(x@127.0.0.1:1\) cannot be used/,
    ],
    ['tools/operate/dist/ledger/ledger.program.js', [], {}, /CHECKER_DATABASE_URL is not set/],
    ['tools/operate/dist/deploy/secrets.program.js', [], { SECRETS_FOLDER: '/dev/null' }, /SECRETS_FOLDER/],
    [
      'tools/operate/dist/deploy/secrets.program.js',
      [],
      { DATABASE_URL: 'x' },
      /DATABASE_URL is wrong: it must be the URL of a database/,
    ],
    ['tools/operate/dist/deploy/prepare.program.js', ['mail'], {}, /Say which service/],
    [
      'tools/operate/dist/deploy/streams.program.js',
      [],
      { NATS_URL: 'x' },
      /NATS_URL is wrong: it must be the URL of a server/,
    ],
  ])('says why in one line, and shows no stack: %s %j', (file, words, env, line) => {
    const { status, said } = run(file, words, env);
    expect(said).toMatch(line);
    expect(said).not.toMatch(/^\s+at /m);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(status).toBeGreaterThan(0);
  });
});
