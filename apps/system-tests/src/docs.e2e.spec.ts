import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LiveOrg, Stage } from './live.platform.js';

/** What answers say that a command as it stands cannot lead to: a request that was not understood. */
const NOT_UNDERSTOOD = [0, 400, 405, 413, 415, 422, 500, 503];
/** A message of Stripe's needs its signature; and no organization is to be deleted by somebody who pastes. */
const EXCEPT = ['/v1/webhooks/stripe"', '-X DELETE "http://127.0.0.1:PORT/v1/orgs/$ORG"'];

describe('the commands of the page to read', () => {
  const stage = new Stage();
  let folder: string;
  let org: LiveOrg;
  const operator = stage.platform.operator;
  let commands: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apollo-docs-'));
    await writeFile(join(folder, 'leads.csv'), 'Name,Email\nIda Moreau,ida@example.com\n');
    // Every command tells its status, and the stream ends.
    await writeFile(join(folder, '.curlrc'), String.raw`write-out = "\n%{http_code}"` + '\nmax-time = 20\n');
    org = await stage.org();
    const page = await (await fetch(`${stage.platform.gateway}/docs`)).text();
    commands = [...page.matchAll(/<pre class="curl">(.*?)<\/pre>/gs)].map((match) =>
      String(match[1]).replaceAll(/&#(\d+);/g, (_entity, code: string) => String.fromCharCode(Number(code))),
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function tokenOf({ email, password }: { email: string; password: string }): Promise<string> {
    const { body } = await stage.nobody.ask('POST', '/v1/auth/login', { body: { email, password } });
    return String(body['access_token']);
  }

  async function statusOf(command: string, token: string): Promise<number> {
    const env = { PATH: '/usr/bin:/bin', CURL_HOME: folder, ORG: org.slug, TOKEN: token };
    const streams = command.startsWith('curl -N');
    const said = await new Promise<string>((resolve) => {
      execFile('sh', ['-c', streams ? `${command} -m 2` : command], { cwd: folder, env }, (_error, output) =>
        resolve(output),
      );
    });
    return Number(said.trimEnd().split('\n').at(-1));
  }

  it('run as they stand, each with a body that is understood', async () => {
    expect(commands.length).toBeGreaterThan(80);
    const wrong: string[] = [];
    for (const command of commands) {
      // Each is somebody who has just signed in, since some of them sign out.
      const person = command.includes('/v1/platform/') ? operator : org.owner;
      const status = await statusOf(command, await tokenOf(person));
      if (NOT_UNDERSTOOD.includes(status) && !EXCEPT.some((each) => command.replace(/:\d+/, ':PORT').includes(each)))
        wrong.push(`${status} ${command}`);
    }
    expect(wrong).toEqual([]);
  });
});
