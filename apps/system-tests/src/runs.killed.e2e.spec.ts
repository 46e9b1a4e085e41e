import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Platform, startPlatform } from '@apollo/dev';
import { discardPostgres } from '@apollo/servers';
import { until } from '@apollo/testing';
import { type LiveOrg, type Person, Stage } from './live.platform.js';

const ORGS = 6;
/** Milliseconds that the service is away at least, once it was killed. */
const RESTART_MS = 500;
/** Until somebody else takes up what a process that is gone had, and has done it. */
const PATIENCE_MS = 80_000;

describe('runs whose service is killed', () => {
  let dir: string;
  let platform: Platform;
  let orgs: LiveOrg[];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'apollo-killed-runs-'));
    platform = await startPlatform({ dir, ports: 'free', seed: false, supervised: true });
    const stage = new Stage({ ...platform.running, dir });
    const owner: Person = await stage.granted();
    orgs = [];
    for (let nth = 0; nth < ORGS; nth += 1) orgs.push(await stage.org(owner));
    for (const org of orgs) {
      await until(async () => ((await get(org, '/personas'))['items'] as unknown[]).length > 0);
      await until(async () => (await org.owner.http.ask('GET', at(org, '/billing/wallet'))).status === 200);
    }
  }, 120_000);
  afterAll(async () => {
    await platform?.stop();
    await discardPostgres(join(dir, 'postgres'));
    await rm(dir, { recursive: true, force: true });
  });

  const at = ({ slug }: LiveOrg, path: string): string => `/v1/orgs/${slug}${path}`;
  const get = (org: LiveOrg, path: string, query?: Record<string, string>) => org.owner.http.get(at(org, path), query);
  const items = async (org: LiveOrg, path: string, query?: Record<string, string>) =>
    (await get(org, path, query))['items'] as Record<string, unknown>[];

  interface Asked {
    readonly org: LiveOrg;
    readonly lead: string;
    readonly ask: () => Promise<string>;
  }

  async function prepared(org: LiveOrg): Promise<Asked> {
    const { http } = org.owner;
    const name = `Ada ${org.canary}`;
    const lead = String((await http.post(at(org, '/leads'), { contact_name: name }))['id']);
    const conversation = String((await http.post(at(org, '/conversations'), {}))['id']);
    const text = `add a note to ${name}: call back`;
    const messages = at(org, `/conversations/${conversation}/messages`);
    return { org, lead, ask: async () => String((await http.post(messages, { text }))['id']) };
  }

  async function ended(org: LiveOrg, run: string): Promise<Record<string, unknown>> {
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(250)) {
      const { body } = await org.owner.http.ask('GET', at(org, `/runs/${run}?limit=200`));
      if (['done', 'failed'].includes(String(body['state']))) return body;
    }
    throw new Error(`the run ${run} has not come to its end`);
  }

  it(
    'go on with each effect once, and the Stars of each step settled once',
    async () => {
      const asked = await Promise.all(orgs.map(prepared));
      const runs = await Promise.all(
        asked.map(async ({ ask }, nth) => {
          const run = ask();
          if (nth === 0) {
            await run;
            process.kill(platform.pid('agents'), 'SIGKILL');
          }
          return run.catch(() => undefined);
        }),
      );
      let interrupted = 0;
      for (const [nth, { org, lead }] of asked.entries()) {
        const run = runs[nth];
        // Whose message never arrived has begun nothing.
        if (run === undefined) continue;
        const body = await ended(org, run);
        expect(body).toMatchObject({ state: 'done' });
        if (Date.parse(String(body['finished_at'])) - Date.parse(String(body['created_at'])) > RESTART_MS)
          interrupted += 1;
        const notes = (await items(org, `/leads/${lead}/activities`)).filter(({ kind }) => kind === 'note_added');
        expect(notes).toHaveLength(1);
        const charges = await items(org, '/billing/ledger', { run_id: run, kind: 'charge' });
        expect(charges).toHaveLength(Number(body['stars']));
        expect(await get(org, '/billing/wallet')).toMatchObject({ held: 0, overdraft: 0 });
      }
      expect(interrupted).toBeGreaterThan(0);
    },
    PATIENCE_MS + 30_000,
  );
});
