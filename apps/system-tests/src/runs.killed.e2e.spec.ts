import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Platform, startPlatform } from '@apollo/dev';
import { discardPostgres } from '@apollo/servers';
import { until } from '@apollo/testing';
import { type LiveOrg, type Person, Stage } from './live.platform.js';

/** Milliseconds from the first of several messages to the death of agents. */
const MOMENTS = [30];
const ORGS = 4;
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

  async function noted(org: LiveOrg): Promise<{ run: string; lead: string }> {
    const { http } = org.owner;
    const name = `Ada ${org.canary}`;
    const lead = String((await http.post(at(org, '/leads'), { contact_name: name }))['id']);
    const conversation = String((await http.post(at(org, '/conversations'), {}))['id']);
    const text = `add a note to ${name}: call back`;
    const run = String((await http.post(at(org, `/conversations/${conversation}/messages`), { text }))['id']);
    return { run, lead };
  }

  it.each(MOMENTS)(
    'go on after %s ms with each effect once, and the Stars of each step settled once',
    async (moment) => {
      const dying = sleep(0).then(async () => {
        await until(async () => (await Promise.all(orgs.map((org) => items(org, '/conversations')))).flat().length > 0);
        await sleep(moment);
        process.kill(platform.pid('agents'), 'SIGKILL');
      });
      const begun = await Promise.allSettled(orgs.map(noted));
      await dying;
      for (const [nth, org] of orgs.entries()) {
        const posted = begun[nth];
        // Whose message never arrived has begun nothing.
        if (posted?.status !== 'fulfilled') continue;
        const { run, lead } = posted.value;
        const trace = () => org.owner.http.ask('GET', at(org, `/runs/${run}?limit=200`));
        const end = Date.now() + PATIENCE_MS;
        while (!['done', 'failed'].includes(String((await trace()).body['state'])) && Date.now() < end)
          await sleep(250);
        const { body } = await trace();
        expect(body).toMatchObject({ state: 'done' });
        const notes = (await items(org, `/leads/${lead}/activities`)).filter(({ kind }) => kind === 'note_added');
        expect(notes).toHaveLength(1);
        const charges = await items(org, '/billing/ledger', { run_id: run, kind: 'charge' });
        expect(charges).toHaveLength(Number(body['stars']));
        expect(await get(org, '/billing/wallet')).toMatchObject({ held: 0, overdraft: 0 });
      }
      expect(begun.some(({ status }) => status === 'fulfilled')).toBe(true);
    },
    PATIENCE_MS + 30_000,
  );
});
