import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppendImportChunk,
  ContinueImport,
  CreatePipeline,
  FinishImport,
  GetImport,
  HoldAmounts,
  ListLeadsAuditLog,
  PreviewImport,
  StartImport,
  UpdatePipeline,
  type orgsMessages,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { Attacker, type TestOrg, testOrg, testPeer, twoOrgs, until } from '@apollo/testing';
import { type ImportWorld, importWorld } from './import.world.spec.js';

const mapping = { Name: 'contact_name', Id: 'external_id' };
/** More than is brought in before an import stops. */
const ROWS = 60_000;
const FILE = `Name,Id\n${Array.from({ length: ROWS }, (_, n) => `Person ${n},x${n}\n`).join('')}`;
const OWNER: orgsMessages.Standing = { status: 'active', role: 'owner' };
/** Milliseconds within which an import stops. */
const SOON_MS = 5_000;
/** Milliseconds for which an answer of orgs is believed, and some. */
const BELIEVED_MS = 2_500;

describe('an import whose importer may not have it done any more', () => {
  let world: ImportWorld;
  let org: TestOrg;
  beforeAll(async () => {
    world = await importWorld();
  });
  beforeEach(() => {
    org = testOrg();
  });
  afterAll(() => world.stop());

  const rows = async (id: string): Promise<number> => {
    const [row] = await world.test.admin('select rows_read from leads.imports where id = $1', [id]);
    return Number(row!['rows_read']);
  };
  const status = async (id: string): Promise<unknown> =>
    (await world.test.admin('select status from leads.imports where id = $1', [id]))[0]!['status'];
  const hasStopped = (id: string) => until(async () => (await status(id)) === 'stopped', { withinMs: SOON_MS });
  const stand = (standing: orgsMessages.Standing | undefined): void => {
    world.standing = (id) => (id === org.id ? standing : OWNER);
  };

  it.each([
    ['the organization is suspended', { status: 'suspended', role: 'owner' }, 'org_suspended', /was suspended/],
    ['who was removed from it', { status: 'active', role: null }, 'forbidden', /no member/],
  ] as const)('stops, under way and in line, and says why: %s', async (_what, standing, code, words) => {
    stand(OWNER);
    const [running, queued] = [
      (await world.send(org, FILE, { mapping })).id,
      (await world.send(org, FILE, { mapping })).id,
    ];
    await world.reached(org, running, 1);
    stand(standing);
    await hasStopped(running);
    await hasStopped(queued);
    const told = await world.ask(org, GetImport, { id: running });
    expect(told).toMatchObject({ status: 'stopped', error_code: code, finished_at: null });
    expect(told.error_detail).toMatch(words);
    expect(await rows(queued)).toBe(0);
    const left = await rows(running);
    expect(left).toBeLessThan(ROWS);
    expect(await world.import(testOrg(), 'Name,Id\nAda,1\n', { mapping })).toMatchObject({ created: 1 });
    expect(await rows(running)).toBe(left);
    const stops = (await world.ask(org, ListLeadsAuditLog, { action: 'leads.import-stopped' })).items;
    expect(stops.map(({ actor, subject }) => [actor, subject]).sort()).toEqual(
      [running, queued].sort().map((id) => ['system:leads', id]),
    );
  });

  it('is continued by an Admin from where it stands, without a row twice or lost, and in that one’s name', async () => {
    stand(OWNER);
    const { id } = await world.send(org, FILE, { mapping });
    await world.reached(org, id, 1);
    stand({ status: 'suspended', role: 'owner' });
    await hasStopped(id);
    const admin = newId();
    world.standing = (_org, user) => (user === admin ? OWNER : { status: 'active', role: null });
    const going = await org.as(() => world.askAs(ContinueImport, { id }), {
      actor: admin,
      role: 'admin',
      signOuts: 0,
    });
    expect(going).toMatchObject({ status: 'running', error_code: null, error_detail: null });
    expect(await world.ended(org, id)).toMatchObject({ status: 'finished', created: ROWS, rows_read: ROWS });
    const [actors] = await world.test.admin(
      "select count(distinct lead_id)::int as leads, array_agg(distinct actor order by actor) as actors from leads.activities where org_id = $1 and kind = 'imported'",
      [org.id],
    );
    expect(actors).toEqual({ leads: ROWS, actors: [org.owner, admin].sort() });
  });

  it('is not continued into a pipeline that was archived', async () => {
    stand(OWNER);
    const { id: pipeline_id } = await world.ask(org, CreatePipeline, { name: 'Next year' });
    const { id } = await world.send(org, FILE, { mapping, pipeline_id });
    await world.reached(org, id, 1);
    stand({ status: 'suspended', role: 'owner' });
    await hasStopped(id);
    stand(OWNER);
    await world.ask(org, UpdatePipeline, { id: pipeline_id, archived: true });
    expect(await world.code(org, ContinueImport, { id })).toBe('state_conflict');
    expect((await world.ask(org, GetImport, { id })).status).toBe('stopped');
    await world.ask(org, UpdatePipeline, { id: pipeline_id, archived: false });
    expect(await world.ask(org, ContinueImport, { id })).toMatchObject({ status: 'running' });
    // Nobody waits for the rest of it.
    stand({ status: 'suspended', role: 'owner' });
    await hasStopped(id);
  });

  it('ends where its pipeline is archived while it goes on', async () => {
    stand(OWNER);
    const { id: pipeline_id } = await world.ask(org, CreatePipeline, { name: 'Last year' });
    const { id } = await world.send(org, FILE, { mapping, pipeline_id });
    await world.reached(org, id, 1);
    await world.ask(org, UpdatePipeline, { id: pipeline_id, archived: true });
    const made = await rows(id);
    const ended = await world.ended(org, id);
    expect([ended.status, ended.error_code, ended.error_detail]).toEqual([
      'failed',
      'state_conflict',
      'An archived pipeline takes no new leads.',
    ]);
    expect([ended.created, await rows(id)]).toEqual([made, made]);
  });

  it('stops when its importer is signed out everywhere, and what is asked for after that does not', async () => {
    stand({ ...OWNER, sign_outs: 0 });
    const [running, queued] = [
      (await world.send(org, FILE, { mapping })).id,
      (await world.send(org, FILE, { mapping })).id,
    ];
    await world.reached(org, running, 1);
    stand({ ...OWNER, sign_outs: 1 });
    await hasStopped(running);
    await hasStopped(queued);
    const told = await world.ask(org, GetImport, { id: running });
    expect([told.error_code, told.error_detail]).toEqual(['forbidden', expect.stringMatching(/signed out everywhere/)]);
    const left = await rows(running);
    expect(left).toBeLessThan(ROWS);
    // What it goes on with may be amounts.
    const orgs = await testPeer('orgs');
    expect(await org.as(() => orgs.bus.request(HoldAmounts, {}), { role: 'system' })).toEqual({ hold: null });
    await orgs.close();
    await org.as(() => world.askAs(ContinueImport, { id: running }), { signOuts: 1 });
    await world.reached(org, running, left + 1);
    expect([await status(running), await status(queued)]).toEqual(['running', 'stopped']);
    stand({ status: 'suspended', role: 'owner' });
    await hasStopped(running);
  });

  it('is done by its service for its importer, says the audit log', async () => {
    stand(OWNER);
    const { id } = await world.import(org, 'Name,Id\nAda,1\n', { mapping });
    const [finished] = (await world.ask(org, ListLeadsAuditLog, { action: 'leads.import-finished' })).items;
    expect(finished).toMatchObject({ actor: org.owner, detail: { rows: 1 }, via: { service: 'leads', run: id } });
  });

  it('goes on being taken back when that was stopped', async () => {
    stand(OWNER);
    const done = await world.import(org, 'Name,Id\nAda,1\nGrace,2\n', { mapping });
    stand({ status: 'suspended', role: 'owner' });
    // Until nobody believes any more that they may.
    await sleep(BELIEVED_MS);
    expect(await world.undone(org, done.id)).toMatchObject({ status: 'stopped', error_code: 'org_suspended' });
    expect(await world.leads(org)).toHaveLength(2);
    stand(OWNER);
    expect(await world.ask(org, ContinueImport, { id: done.id })).toMatchObject({ status: 'undoing' });
    await until(async () => (await status(done.id)) === 'undone');
    expect(await world.leads(org)).toEqual([]);
  });

  it('is continued only where it was stopped, by whoever may import, and is nothing to another organization', async () => {
    const [a, b] = twoOrgs();
    world.standing = () => OWNER;
    const { id } = await world.import(a, 'Name,Id\nAda,1\n', { mapping });
    expect(await world.code(a, ContinueImport, { id })).toBe('state_conflict');
    expect(await world.code(a, ContinueImport, { id }, 'viewer')).toBe('forbidden');
    expect(await world.code(b, ContinueImport, { id })).toBe('not_found');
  });

  it('rests while orgs cannot be asked, and goes on afterwards', async () => {
    stand(OWNER);
    const { id } = await world.send(org, FILE, { mapping });
    await world.reached(org, id, 1);
    stand(undefined);
    const isAtWork = () => world.test.admin('select from leads.jobs where id = $1 and lease is not null', [id]);
    await until(async () => (await isAtWork()).length === 0, { withinMs: 20_000 });
    const left = await rows(id);
    expect([await status(id), left < ROWS]).toEqual(['running', true]);
    const waiting = await world.send(testOrg(), 'Name,Id\nAda,1\n', { mapping });
    expect(await rows(id)).toBe(left);
    stand(OWNER);
    expect(await world.ended(org, id)).toMatchObject({ status: 'finished', created: ROWS });
    expect(await rows(waiting.id)).toBe(1);
  });
});

describe('a file that waits for its turn to be looked at', () => {
  const LIST = Buffer.from('Name,Shoe size\nAda,39\n');
  const WAITING = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  let world: ImportWorld;
  beforeAll(async () => {
    world = await importWorld();
  });
  afterAll(() => world.stop());

  it.each<[string, orgsMessages.Standing, string]>([
    ['was removed', { status: 'active', role: null }, 'org_not_found'],
    ['may not import any more', { status: 'active', role: 'viewer' }, 'forbidden'],
    ['was signed out everywhere', { ...OWNER, sign_outs: 1 }, 'unauthenticated'],
    ['is of an organization that was suspended', { status: 'suspended', role: 'owner' }, 'org_suspended'],
    ['is of one that was deleted', { status: 'deleted', role: null }, 'org_not_found'],
  ])('is neither shown to nor brought in for who %s meanwhile', async (_who, standing, code) => {
    const org = testOrg();
    const { id } = await world.ask(org, StartImport, { file_name: 'list.csv', mapping: { Name: 'contact_name' } });
    await world.ask(org, AppendImportChunk, { id, seq: 0, data: LIST.toString('base64') });
    const finish = { id, chunks: 1, sha256: createHash('sha256').update(LIST).digest('hex') };
    const gate = await Attacker.connect({ ...world.test, appUrl: world.test.adminUrl }, org);
    await gate.plain('begin', 'lock table leads.pipelines');
    const shown = world.code(org, PreviewImport, { file_name: 'list.csv', data: LIST.toString('base64'), whole: true });
    while ((await world.test.admin(WAITING)).length === 0) await sleep(10);
    const brought = world.code(org, FinishImport, finish);
    await sleep(1_000);
    world.standing = () => standing;
    await gate.plain('commit');
    await gate.close();
    expect([await shown, await brought]).toEqual([code, code]);
    world.standing = () => ({ ...OWNER, sign_outs: 0 });
    expect(await world.ask(org, GetImport, { id })).toMatchObject({ status: 'receiving' });
    expect(await world.ask(org, FinishImport, finish)).toMatchObject({ status: 'running' });
    expect(await world.ended(org, id)).toMatchObject({ status: 'finished', created: 1 });
  });
});
