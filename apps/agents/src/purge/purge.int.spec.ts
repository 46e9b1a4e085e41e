import {
  AppendDocumentPiece,
  CreateConversation,
  NoteFact,
  PurgeAgents,
  type purgeMessages,
  StartDocument,
  UpdatePersona,
} from '@apollo/contracts';
import { TablePurger } from '@apollo/service-kit';
import { Attacker, rowsOf, testOrg, type TestOrg, testPeer, type TestPeer, twoOrgs } from '@apollo/testing';
import { type AgentsWorld, agentsWorld } from '../agents.world.spec.js';
import { agentsPurge } from './purge.plan.js';

/** In whose name orgs asks. */
const ORGS = { actor: 'system:orgs', role: 'system' } as const;
/** Rows of one table, more than a batch takes. */
const MANY = 2_300;

describe('what agents keeps of an organization that is gone', () => {
  let world: AgentsWorld;
  let orgs: TestPeer;

  beforeAll(async () => {
    world = await agentsWorld();
    orgs = await testPeer('orgs');
  });
  afterAll(async () => {
    await orgs.close();
    await world.stop();
  });

  const ask = (org: TestOrg): Promise<purgeMessages.PurgeReceipt> =>
    org.as(() => orgs.bus.request(PurgeAgents, {}), ORGS);
  const rows = (org: TestOrg): Promise<Record<string, number>> => rowsOf(world.test, 'agents', org.id);
  const told = ({ tables }: purgeMessages.PurgeReceipt): Record<string, number> =>
    Object.fromEntries(tables.map((each) => [each.table, each.rows]));

  /** An organization with rows in most tables, and many of them in one. */
  async function filled(org: TestOrg, many: number): Promise<void> {
    const { id } = await world.persona(org, { daily_cap: 10 });
    await world.ask(org, UpdatePersona, { id, name: 'Renamed' });
    await world.ask(org, NoteFact, { persona_id: id, text: org.canary });
    await world.ask(org, CreateConversation, {});
    const document = await world.ask(org, StartDocument, { file_name: 'a.txt' });
    await world.ask(org, AppendDocumentPiece, { id: document.id, seq: 0, data: 'YQ==' });
    await world.test.admin(
      `with passage as (
         insert into agents.document_passages (org_id, id, document_id, page, nth, body)
         values ($1, uuidv7(), $2::uuid, 1, 1, 'x') returning org_id, id, document_id)
       insert into agents.document_words select org_id, id, document_id, 'en', 'x' from passage`,
      [org.id, document.id],
    );
    await world.test.admin(
      `with run as (
         insert into agents.runs (org_id, id, conversation_id, persona_id, persona_version, asked_by, text, state, stars, created_at)
         select org_id, uuidv7(), id, $2::uuid, 1, created_by, 'x', 'done', 0, now() from agents.conversations where org_id = $1
         returning org_id, id)
       insert into agents.run_entries select org_id, uuidv7(), id, 1, 'asked', '{}', now(), null from run`,
      [org.id, id],
    );
    await world.test.admin(
      `insert into agents.facts select org_id, uuidv7(), persona_id, text, source, noted_by, noted_at, version
       from agents.facts, generate_series(1, $2::int) where org_id = $1`,
      [org.id, many],
    );
  }

  it('goes batch by batch, each row told of once, and nothing of anybody else', async () => {
    const [org, other] = twoOrgs();
    await Promise.all([filled(org, MANY), filled(other, 10)]);
    const [before, others] = [await rows(org), await rows(other)];
    expect(Object.keys(before).toSorted()).toEqual([
      'audit_entries',
      'audit_heads',
      'conversations',
      'document_passages',
      'document_pieces',
      'document_uploads',
      'document_words',
      'documents',
      'due_jobs',
      'facts',
      'jobs',
      'org_commands',
      'outbox',
      'persona_versions',
      'personas',
      'run_entries',
      'runs',
    ]);
    const receipts: purgeMessages.PurgeReceipt[] = [];
    do receipts.push(await ask(org));
    while (!receipts.at(-1)?.complete);
    const last = receipts.at(-1) as purgeMessages.PurgeReceipt;
    const batches = receipts.map((receipt) => Object.values(told(receipt)).reduce((sum, each) => sum + each, 0));
    expect(batches.slice(0, 3)).toEqual([1_000, 2_000, Object.values(before).reduce((sum, each) => sum + each, 0)]);
    expect(told(last)).toEqual(before);
    expect(await rows(org)).toEqual({ purge_receipts: Object.keys(before).length });
    expect(await rows(other)).toEqual(others);
    // Asked once more, as after an answer that was lost, it finds nothing and says the same.
    expect(await ask(org)).toEqual(last);
  });

  it('goes when orgs asks, and when nobody else does, by message or by SQL', async () => {
    const org = testOrg();
    await filled(org, 1);
    const before = await rows(org);
    await expect(world.ask(org, PurgeAgents, {})).rejects.toThrow();
    const attempts = agentsPurge.deleted.map((table) => `select agents.purge_${table}(10)`);
    for (const owner of [org.owner, ORGS.actor]) {
      const attacker = await Attacker.connect(world.test, { ...org, owner });
      for (const attempt of attempts) expect((await attacker.commit(attempt)).code).toBe('42501');
      await attacker.close();
    }
    const itself = org.as(() => new TablePurger(world.test.database, 'agents', agentsPurge).step(), {
      actor: 'system:agents',
      role: 'system',
    });
    await expect(itself).rejects.toMatchObject({ code: 'forbidden' });
    expect(await rows(org)).toEqual(before);
  });
});
