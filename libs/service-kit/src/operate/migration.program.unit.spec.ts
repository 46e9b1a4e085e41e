import { spawnSync } from 'node:child_process';

/** What `program` calls, in a process of its own whose environment is empty. */
function ended(call: string): { code: number | null; out: string; said: string } {
  const source = `import { runDeadLetters, runMigrations } from '@apollo/service-kit'; await ${call};`;
  const words = ['--input-type=module', '--eval', source, 'list'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { env: {}, encoding: 'utf8' });
  return { code: status, out: stdout, said: stderr };
}

describe('a program for operators', () => {
  it.each([
    ['has no way into its database', '[]', /^MIGRATE_DATABASE_URL is not set: it must be the URL of a database/],
    ['is told what it does not take', "['--all']", /^It takes no arguments: --all$/],
  ])('that migrates ends with one line that says why, and exit code 1, where it %s', (_where, words, error) => {
    const { code, out } = ended(`runMigrations('orgs', {}, ${words})`);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      level: 60,
      service: 'orgs',
      error: expect.stringMatching(error),
      msg: 'orgs is not migrated',
    });
  });

  it('for dead letters ends so, too', () => {
    const said = /^DATABASE_URL is not set: .*; TENANCY_TAG_KEY is not set: .*\n$/;
    expect(ended("runDeadLetters('orgs', {})")).toEqual({ code: 1, out: '', said: expect.stringMatching(said) });
  });
});
