import { CreateLead, CreateLeadField, PurgeLeads, type purgeMessages, StartImport } from '@apollo/contracts';
import { TablePurger } from '@apollo/service-kit';
import { Attacker, rowsOf, testOrg, type TestOrg, testPeer, type TestPeer, twoOrgs } from '@apollo/testing';
import { joined, type LeadsWorld, leadsWorld } from '../leads.world.spec.js';
import { leadsPurge } from './purge.plan.js';

/** In whose name orgs asks. */
const ORGS = { actor: 'system:orgs', role: 'system' } as const;
/** Rows of one table, more than a batch takes. */
const MANY = 2_300;

describe('what leads keeps of an organization that is gone', () => {
  let world: LeadsWorld;
  let orgs: TestPeer;

  beforeAll(async () => {
    world = await leadsWorld();
    orgs = await testPeer('orgs');
  });
  afterAll(async () => {
    await orgs.close();
    await world.stop();
  });

  const ask = (org: TestOrg): Promise<purgeMessages.PurgeReceipt> =>
    org.as(() => orgs.bus.request(PurgeLeads, {}), ORGS);
  const rows = (org: TestOrg): Promise<Record<string, number>> => rowsOf(world.test, 'leads', org.id);
  const told = ({ tables }: purgeMessages.PurgeReceipt): Record<string, number> =>
    Object.fromEntries(tables.map((each) => [each.table, each.rows]));

  /** An organization with rows in most tables, and many of them in one. */
  async function filled(org: TestOrg, many: number): Promise<void> {
    await joined(world.test, org, org.owner);
    const lead = await world.ask(org, CreateLead, { contact_name: org.canary, owner_id: org.owner });
    await world.ask(org, CreateLeadField, { key: 'size', label: 'Size', kind: 'text' });
    await world.ask(org, StartImport, { file_name: 'list.csv' });
    await world.test.admin(
      `insert into leads.activities (org_id, id, lead_id, kind, actor, at, detail)
       select org_id, uuidv7(), lead_id, kind, actor, at, detail from leads.activities, generate_series(1, $2)
       where org_id = $1 and lead_id = $3`,
      [org.id, many, lead.id],
    );
  }

  it('goes batch by batch, each row told of once, and nothing of anybody else', async () => {
    const [org, other] = twoOrgs();
    await Promise.all([filled(org, MANY), filled(other, 10)]);
    const [before, others] = [await rows(org), await rows(other)];
    expect(Object.keys(before).length).toBeGreaterThan(8);
    const receipts: purgeMessages.PurgeReceipt[] = [];
    do receipts.push(await ask(org));
    while (!receipts.at(-1)?.complete);
    const batches = receipts.map((receipt) => Object.values(told(receipt)).reduce((sum, each) => sum + each, 0));
    expect(batches.slice(0, 3)).toEqual([1_000, 2_000, Object.values(before).reduce((sum, each) => sum + each, 0)]);
    expect(told(receipts.at(-1) as purgeMessages.PurgeReceipt)).toEqual(before);
    expect(await rows(org)).toEqual({ purge_receipts: Object.keys(before).length });
    expect(await rows(other)).toEqual(others);
    // Asked once more, as after an answer that was lost, it finds nothing and says the same.
    expect(await ask(org)).toEqual(receipts.at(-1));
  });

  it('is told of as it is where a process ends in the middle of a batch', async () => {
    const org = testOrg();
    await filled(org, MANY);
    const before = await rows(org);
    const first = await ask(org);
    const { purge_receipts: noted, ...left } = await rows(org);
    const { database } = world.test;
    const killed = org.as(
      () =>
        database.transaction(async () => {
          await new TablePurger(database, 'leads', leadsPurge).step();
          throw new Error('killed');
        }),
      ORGS,
    );
    await expect(killed).rejects.toThrow('killed');
    expect(await rows(org)).toEqual({ ...left, purge_receipts: noted });
    const sums = Object.entries(before).map(([table, count]) => [table, count - (told(first)[table] ?? 0)] as const);
    expect(left).toEqual(Object.fromEntries(sums.filter(([, count]) => count > 0)));
  });

  it('goes when orgs asks, and when nobody else does, by message or by SQL', async () => {
    const org = testOrg();
    await filled(org, 1);
    const before = await rows(org);
    await expect(world.ask(org, PurgeLeads, {})).rejects.toThrow();
    const attacker = await Attacker.connect(world.test, org);
    const attempts = leadsPurge.deleted.map((table) => `select leads.purge_${table}(10)`);
    for (const attempt of attempts) expect((await attacker.commit(attempt)).code).toBe('42501');
    expect((await attacker.commit("select leads.note_purged('leads', 'deleted', 1)")).code).toBe('42501');
    await attacker.close();
    // In the name of orgs its events and jobs are handled: what they inject purges nothing.
    const injected = await Attacker.connect(world.test, { id: org.id, owner: ORGS.actor } as TestOrg);
    for (const attempt of attempts) expect((await injected.commit(attempt)).code).toBe('42501');
    await injected.close();
    const itself = org.as(() => new TablePurger(world.test.database, 'leads', leadsPurge).step(), {
      actor: 'system:leads',
      role: 'system',
    });
    await expect(itself).rejects.toMatchObject({ code: 'forbidden' });
    expect(await rows(org)).toEqual(before);
  });
});
