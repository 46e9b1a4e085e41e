import {
  Attacker,
  type OwnPooler,
  ownPooler,
  poolerProgram,
  specimenSchema,
  testDatabase,
  type TestDatabase,
  testServiceConfig,
  twoOrgs,
} from '@apollo/testing';
import { newId } from '@apollo/tenancy';
import {
  assertPinned,
  OutboxDatabase,
  RELAY_SETTINGS,
  type ServiceSchema,
  TenantDatabase,
  UnpinnedSessionError,
} from '@apollo/tenancy/postgres';
import { startService } from './service.start.js';

const program = poolerProgram();
const missing = program ? '' : ' (not shown here: PgBouncer is not installed)';

/** What each of these promises is shown against; where there is no PgBouncer, only that is said. */
const behindPooler = (name: string, show: (pooler: string) => Promise<void>): void =>
  it(name + missing, async () => {
    if (program) await show(program);
    else expect(poolerProgram()).toBeUndefined();
  });

describe('a connection pooler between a service and its database (A73)', () => {
  const [a, b] = twoOrgs();
  let schema: ServiceSchema;
  let test: TestDatabase;
  const poolers: OwnPooler[] = [];
  const pooler = async (found: string, dropsSettings: boolean): Promise<OwnPooler> => {
    const started = await ownPooler(found, [test.appUrl, test.relayUrl], dropsSettings);
    poolers.push(started);
    return started;
  };

  beforeAll(async () => {
    schema = await specimenSchema();
    test = await testDatabase(schema);
    for (const org of [a, b])
      await test.admin(`insert into specimen.papers (org_id, id, title, secret) values ($1, $2, 'of its own', $3)`, [
        org.id,
        newId(),
        org.canary,
      ]);
  });
  afterAll(async () => {
    await Promise.all(poolers.map((each) => each.stop()));
    await test.drop();
  });

  const start = (databaseUrl: string, relayUrl = test.relayUrl): Promise<unknown> => {
    const config = { ...testServiceConfig('orgs', test), databaseUrl, relayUrl };
    return startService({ name: 'orgs', schema, config, module: class {} });
  };

  it('is not there where a service reaches the server itself: the control', async () => {
    await assertPinned(test.relayUrl, RELAY_SETTINGS);
    expect(await test.database.sessionFindings('specimen')).toEqual([]);
  });

  behindPooler('keeps the service from starting, and says why', async (found) => {
    const between = await pooler(found, true);
    const refused = start(between.through(test.appUrl));
    await expect(refused).rejects.toThrow(UnpinnedSessionError);
    await expect(refused).rejects.toThrow('there is a connection pooler');
    await expect(refused).rejects.toThrow("plan_cache_mode is 'auto', not 'force_generic_plan'");
    // Of itself, also one that would drop nothing.
    const kept = assertPinned(between.through(test.appUrl), { row_security: 'on' });
    await expect(kept).rejects.toMatchObject({ findings: [expect.stringContaining('there is a connection pooler')] });
  });

  behindPooler('keeps it from starting before its outbox alone too', async (found) => {
    const between = await pooler(found, true);
    await expect(start(test.appUrl, between.through(test.relayUrl))).rejects.toThrow('there is a connection pooler');
  });

  behindPooler('keeps it from starting where the pooler refuses settings instead of dropping them', async (found) => {
    const between = await pooler(found, false);
    await expect(start(between.through(test.appUrl))).rejects.toThrow('there is a connection pooler');
  });

  behindPooler('is given no statement by anything that did not look at the start', async (found) => {
    const between = await pooler(found, true);
    const database = new TenantDatabase({ url: between.through(test.appUrl), tagKey: test.tagKey });
    const papers = { name: 'papers', text: 'select secret from specimen.papers', parameters: [] };
    await expect(a.as(() => database.query(papers, {}))).rejects.toThrow(UnpinnedSessionError);
    await expect(
      a.as(() => database.transaction(async (tx) => tx.defer(papers, {}), { grouped: true })),
    ).rejects.toThrow(UnpinnedSessionError);
    await database.close();
    const outbox = new OutboxDatabase(between.through(test.relayUrl), 'specimen');
    await expect(outbox.heads(null, null, 1)).rejects.toThrow(UnpinnedSessionError);
    await outbox.close();
  });

  behindPooler('would have B run the text that A left under a name: what the refusal is for', async (found) => {
    const between = await pooler(found, true);
    const through = { ...test, appUrl: between.through(test.appUrl) };
    const [ofA, ofB] = [await Attacker.connect(through, a), await Attacker.connect(through, b)];
    await ofA.commit("prepare newest as update specimen.papers set title = 'written by A' returning secret");
    expect(await ofB.commit('execute newest')).toMatchObject({ rows: [{ secret: b.canary }] });
    expect(await test.admin('select title from specimen.papers where org_id = $1', [b.id])).toEqual([
      { title: 'written by A' },
    ]);
    // What one sets, the next one has.
    await ofA.plain("set synchronous_commit = 'off'");
    expect((await ofB.plain('show synchronous_commit')).rows).toEqual([{ synchronous_commit: 'off' }]);
    await Promise.all([ofA.close(), ofB.close()]);
  });

  it('would not where each has a connection to the server: the control', async () => {
    const [ofA, ofB] = [await Attacker.connect(test, a), await Attacker.connect(test, b)];
    expect((await ofA.plain('prepare newest as select 1')).code).toBeUndefined();
    expect((await ofB.plain('execute newest')).code).toBe('26000');
    await Promise.all([ofA.close(), ofB.close()]);
  });
});
