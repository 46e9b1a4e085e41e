import {
  CreateLead,
  CreatePipeline,
  HaveAmounts,
  HoldAmounts,
  ListLeads,
  ReleaseAmounts,
  StartImport,
  UpdateLead,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { Attacker, testOrg, type TestOrg, testPeer, type TestPeer, twoOrgs } from '@apollo/testing';
import { type LeadsWorld, leadsWorld } from '../leads.world.spec.js';

/** What orgs asks before an organization's currency changes, while amounts are written. */
describe('amounts of leads', () => {
  let world: LeadsWorld;
  let orgs: TestPeer;
  const code = async (...asked: Parameters<LeadsWorld['refusal']>): Promise<string> =>
    /"code":"(\w+)"/.exec(await world.refusal(...asked))?.[1] ?? 'ok';
  const hold = async (org: TestOrg): Promise<string | null> =>
    (await org.as(() => orgs.bus.request(HoldAmounts, {}), { role: 'system' })).hold;
  const release = (org: TestOrg, held: string | null, currency: string | null) =>
    org.as(() => orgs.bus.request(ReleaseAmounts, { hold: held ?? '', currency }), { role: 'system' });
  const runOut = (org: TestOrg) =>
    world.test.admin("update leads.amount_holds set until = now() - interval '1 second' where org_id = $1", [org.id]);
  const newLead = (org: TestOrg, value_minor?: number) =>
    world.ask(org, CreateLead, { contact_name: 'Ada', value_minor });

  beforeAll(async () => {
    world = await leadsWorld();
    orgs = await testPeer('orgs');
  });
  afterAll(async () => {
    await orgs.close();
    await world.stop();
  });

  it('are asked about by orgs, and by nobody else', async () => {
    const [org, other] = twoOrgs();
    await newLead(other, 5);
    const lead = await newLead(org);
    await release(org, await hold(org), 'EUR');
    await world.ask(org, UpdateLead, { id: lead.id, value_minor: 0 });
    expect(await hold(org)).toBeNull();
    expect(await org.as(() => orgs.bus.request(HaveAmounts, {}), { role: 'system' })).toEqual({ amounts: true });
    await world.ask(org, UpdateLead, { id: lead.id, value_minor: null });
    await release(org, await hold(org), 'EUR');
    await world.ask(org, StartImport, { file_name: 'list.csv' });
    expect(await hold(org)).toBeNull();
    await expect(world.ask(org, HoldAmounts, {})).rejects.toThrow();
  });

  it('are not taken while the currency changes; everything else is, and so are those of others', async () => {
    const [org, other] = twoOrgs();
    const lead = await newLead(org);
    const held = await hold(org);
    expect(await code(org, CreateLead, { contact_name: 'Bo', value_minor: 5 })).toBe('service_unavailable');
    expect(await code(org, UpdateLead, { id: lead.id, value_minor: 5 })).toBe('service_unavailable');
    expect(await code(org, StartImport, { file_name: 'list.csv' })).toBe('service_unavailable');
    expect(await world.ask(org, UpdateLead, { id: lead.id, city: 'Lisboa' })).toMatchObject({ value_minor: null });
    expect((await newLead(other, 5)).value_minor).toBe(5);
    expect((await world.ask(org, ListLeads, {})).items).toHaveLength(1);
    // One change at a time; what comes late of one that has run out ends no later one.
    await expect(hold(org)).rejects.toMatchObject({ code: 'service_unavailable' });
    await runOut(org);
    const second = await hold(org);
    await release(org, held, 'EUR');
    expect(await code(org, CreateLead, { contact_name: 'Bo', value_minor: 5 })).toBe('service_unavailable');
    await release(org, second, 'JPY');
    // What was read of the organization before is not what amounts are in now.
    expect(await code(org, StartImport, { file_name: 'list.csv', currency: 'EUR' })).toBe('state_conflict');
    expect((await world.ask(org, StartImport, { file_name: 'list.csv', currency: 'JPY' })).status).toBe('receiving');
    expect((await newLead(org, 5)).value_minor).toBe(5);
  });

  it('stay in the currency that there was where a change failed, or was refused for what there is', async () => {
    const org = testOrg();
    const inUsd = () => code(org, StartImport, { file_name: 'list.csv', currency: 'USD' });
    await release(org, await hold(org), 'EUR');
    await release(org, await hold(org), null);
    expect(await inUsd()).toBe('state_conflict');
    await newLead(org, 5);
    expect(await hold(org)).toBeNull();
    expect(await inUsd()).toBe('state_conflict');
  });

  it('are taken again by themselves where nobody says how the change ended', async () => {
    const org = testOrg();
    await release(org, await hold(org), 'EUR');
    await hold(org);
    await runOut(org);
    expect((await world.ask(org, StartImport, { file_name: 'list.csv', currency: 'USD' })).status).toBe('receiving');
    expect((await newLead(org, 5)).value_minor).toBe(5);
  });

  describe('that meet a change', () => {
    const org = testOrg();
    let other: Attacker;

    beforeEach(async () => {
      await world.test.admin('delete from leads.amount_holds where org_id = $1', [org.id]);
      await world.test.admin('update leads.leads set value_minor = null where org_id = $1', [org.id]);
      other = await Attacker.connect(world.test, org);
      await other.client.query('begin');
      await other.client.query('select tenancy.carry($1)', [other.tag()]);
    });
    afterEach(() => other.close());

    /** Resolves once `answer` waits for a lock that `other` holds, or came without. */
    async function waitsOrEnds(answer: Promise<unknown>): Promise<void> {
      const waiting =
        'select 1 from pg_locks where not granted and pid in (select pid from pg_stat_activity where datname = current_database())';
      let ended = false;
      void answer.finally(() => (ended = true));
      while (!ended && (await world.test.admin(waiting)).length === 0)
        await new Promise((resolve) => setTimeout(resolve, 5));
    }

    it('are waited for, and found', async () => {
      const { pipeline_id, stage_id } = await newLead(org);
      await other.client.query(
        `insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, value_minor, created_at, updated_at)
         values ($1, $2, $3, $4, 'Bo', 5, now(), now())`,
        [org.id, newId(), pipeline_id, stage_id],
      );
      const answer = hold(org);
      await waitsOrEnds(answer);
      await other.client.query('commit');
      expect(await answer).toBeNull();
    });

    it('are not taken in a pipeline that is made while others are waited for', async () => {
      const { pipeline_id, stage_id } = await newLead(org);
      await other.client.query(
        `insert into leads.leads (org_id, id, pipeline_id, stage_id, contact_name, created_at, updated_at)
         values ($1, $2, $3, $4, 'Bo', now(), now())`,
        [org.id, newId(), pipeline_id, stage_id],
      );
      const answer = hold(org);
      await waitsOrEnds(answer);
      const { id } = await world.ask(org, CreatePipeline, { name: 'Made meanwhile' });
      const late = await code(org, CreateLead, { contact_name: 'Cy', value_minor: 5, pipeline_id: id });
      await other.client.query('commit');
      expect([late, await answer]).toEqual(['service_unavailable', expect.any(String)]);
    });

    const ways: [string, (lead: { id: string }) => Promise<string>][] = [
      ['of a new lead', () => code(org, CreateLead, { contact_name: 'Bo', value_minor: 5 })],
      ['of a lead that is changed', ({ id }) => code(org, UpdateLead, { id, value_minor: 5 })],
      ['of an import', () => code(org, StartImport, { file_name: 'list.csv' })],
    ];
    it.each(ways)('%s wait for it, and are refused', async (_what, write) => {
      const lead = await newLead(org);
      await other.client.query('select id from leads.stages where org_id = $1 for update', [org.id]);
      await other.client.query(
        `insert into leads.amount_holds (org_id, id, hold, until) values ($1, $1, $2, now() + interval '1 minute')`,
        [org.id, newId()],
      );
      const refusal = write(lead);
      await waitsOrEnds(refusal);
      await other.client.query('commit');
      expect(await refusal).toBe('service_unavailable');
    });
  });
});
