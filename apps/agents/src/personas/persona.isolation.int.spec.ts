import {
  AbandonDocument,
  agentsMessages,
  AppendDocumentPiece,
  ArchivePersona,
  CancelRun,
  contractsOf,
  CorrectFact,
  CreateConversation,
  CreatePersona,
  DeleteDocument,
  DeleteFact,
  FinishDocument,
  GetConversation,
  GetDocument,
  GetFact,
  GetPersona,
  GetRun,
  ListAgentsAuditLog,
  ListAgentsEvents,
  ListConversations,
  ListDocuments,
  ListFacts,
  ListModels,
  ListPersonas,
  ListPersonaVersions,
  NoteFact,
  PostMessage,
  ReadDocumentPage,
  type RequestContract,
  RestorePersona,
  ROLES,
  SearchDocuments,
  StartDocument,
  StartDocumentUpload,
  typeOf,
  UpdateConversation,
  UpdatePersona,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { Attacker, type TestOrg, twoOrgs } from '@apollo/testing';
import { type AgentsWorld, agentsWorld } from '../agents.world.spec.js';

interface Belongings {
  persona: agentsMessages.Persona;
  fact: agentsMessages.Fact;
}

describe('personas of another organization', () => {
  const [a, b] = twoOrgs();
  const things = new Map<TestOrg, Belongings>();
  let world: AgentsWorld;
  const of = (org: TestOrg): Belongings => things.get(org) as Belongings;

  beforeAll(async () => {
    world = await agentsWorld();
    for (const org of [a, b]) {
      const persona = await world.persona(org);
      const fact = await world.ask(org, NoteFact, { persona_id: persona.id, text: org.canary });
      for (let more = 0; more < 3; more += 1) {
        await world.persona(org, { name: `${org.canary} ${more}` });
        await world.ask(org, NoteFact, { persona_id: persona.id, text: `${org.canary} ${more}` });
      }
      things.set(org, { persona, fact });
    }
  });
  afterAll(() => world.stop());

  const everything = async (org: TestOrg): Promise<string> => {
    const { persona } = of(org);
    const seen = [
      world.ask(org, ListPersonas, {}),
      world.ask(org, GetPersona, { id: persona.id }),
      world.ask(org, ListPersonaVersions, { id: persona.id }),
      world.ask(org, ListFacts, { persona_id: persona.id }),
    ];
    return JSON.stringify(await Promise.all(seen));
  };

  const attempts: [string, RequestContract, (its: Belongings, own: Belongings) => object][] = [
    ['get-persona', GetPersona, ({ persona }) => ({ id: persona.id })],
    ['update-persona', UpdatePersona, ({ persona }) => ({ id: persona.id, instructions: 'taken' })],
    ['update-persona with a version', UpdatePersona, ({ persona }) => ({ id: persona.id, name: 'taken', if_match: 1 })],
    ['archive-persona', ArchivePersona, ({ persona }) => ({ id: persona.id })],
    ['restore-persona', RestorePersona, ({ persona }) => ({ id: persona.id })],
    ['list-persona-versions', ListPersonaVersions, ({ persona }) => ({ id: persona.id })],
    ['list-facts', ListFacts, ({ persona }) => ({ persona_id: persona.id })],
    ['note-fact', NoteFact, ({ persona }) => ({ persona_id: persona.id, text: 'taken' })],
    ...([GetFact, DeleteFact, CorrectFact] as RequestContract[]).flatMap((contract) => {
      const text = contract === CorrectFact ? { text: 'taken' } : {};
      const at = (persona_id: string, id: string): object => ({ persona_id, id, ...text });
      return [
        [contract.method, contract, ({ persona, fact }: Belongings) => at(persona.id, fact.id)],
        [
          `${contract.method} under an own persona`,
          contract,
          ({ fact }: Belongings, own: Belongings) => at(own.persona.id, fact.id),
        ],
        [
          `${contract.method} of an own fact`,
          contract,
          ({ persona }: Belongings, own: Belongings) => at(persona.id, own.fact.id),
        ],
      ] as [string, RequestContract, (its: Belongings, own: Belongings) => object][];
    }),
  ];

  it.each(attempts)(
    'are for %s the same not_found, byte for byte, as what never was (H01)',
    async (_name, contract, request) => {
      const random: Belongings = { persona: { ...of(b).persona, id: newId() }, fact: { ...of(b).fact, id: newId() } };
      const before = await everything(b);
      const foreign = await world.refusal(a, contract, request(of(b), of(a)));
      expect(foreign).toBe(await world.refusal(a, contract, request(random, of(a))));
      expect(JSON.parse(foreign)).toMatchObject({ code: 'not_found' });
      expect(await everything(b)).toBe(before);
    },
  );

  it('are reached by their own organization in the same ways', async () => {
    for (const org of [a, b]) {
      const { persona, fact } = of(org);
      expect(await world.ask(org, GetPersona, { id: persona.id })).toMatchObject({ instructions: org.canary });
      expect(await world.ask(org, GetFact, { persona_id: persona.id, id: fact.id })).toMatchObject({
        text: org.canary,
      });
      expect((await world.ask(org, ListFacts, { persona_id: persona.id })).items).toHaveLength(4);
      expect((await world.ask(org, ListPersonaVersions, { id: persona.id })).items).toHaveLength(1);
    }
  });

  it('are in no list, page, log or stream (H19)', async () => {
    const seen = await Promise.all([
      world.ask(a, ListPersonas, {}),
      world.ask(a, ListPersonas, { limit: 200 }),
      world.ask(a, ListPersonaVersions, { id: of(a).persona.id }),
      world.ask(a, ListFacts, { persona_id: of(a).persona.id }),
      world.ask(a, ListAgentsAuditLog, {}),
      world.ask(a, ListAgentsEvents, { after: '00000000-0000-0000-0000-000000000000', limit: 100 }),
    ]);
    const text = JSON.stringify(seen);
    expect(text).toContain(a.canary);
    for (const secret of [b.canary, b.id, of(b).persona.id, of(b).fact.id]) expect(text).not.toContain(secret);
  });

  it('are not reached by a cursor of theirs, of another person, or of another list', async () => {
    const cursor = async (org: TestOrg, asker = {}): Promise<string> =>
      (await world.ask(org, ListFacts, { persona_id: of(org).persona.id, limit: 2 }, asker)).next_cursor ?? '';
    const { id } = of(a).persona;
    for (const wrong of [await cursor(b), await cursor(a, { actor: a.viewer, role: 'viewer' }), 'x.y', '.'])
      expect(await world.code(a, ListFacts, { persona_id: id, cursor: wrong })).toBe('invalid_cursor');
    const own = await cursor(a);
    expect(await world.code(a, ListPersonas, { cursor: own })).toBe('invalid_cursor');
    expect(await world.code(a, ListPersonaVersions, { id, cursor: own })).toBe('invalid_cursor');
    expect((await world.ask(a, ListFacts, { persona_id: id, limit: 2, cursor: own })).items).toHaveLength(2);
  });

  it('are neither shown, changed nor remembered for by any SQL under one’s own tag', async () => {
    const attacker = await Attacker.connect(world.test, a);
    const before = await everything(b);
    const { persona, fact } = of(b);
    for (const table of ['personas', 'persona_versions', 'facts']) {
      const { rows } = await attacker.attempt(`select * from agents.${table}`);
      expect(rows.length).toBeGreaterThan(0);
      expect([...new Set(rows.map((row) => row['org_id']))]).toEqual([a.id]);
    }
    const writes = [
      `update agents.personas set instructions = 'taken' where id = '${persona.id}'`,
      `update agents.facts set text = 'taken' where id = '${fact.id}'`,
      `select agents.delete_facts(array['${fact.id}'::uuid])`,
      `insert into agents.facts select '${b.id}', gen_random_uuid(), '${persona.id}', 'taken', 'person', 'x', now(), 1`,
      `insert into agents.facts select '${a.id}', gen_random_uuid(), '${persona.id}', 'taken', 'person', 'x', now(), 1`,
      `insert into agents.persona_versions select '${a.id}', gen_random_uuid(), '${persona.id}', 'x', null, 'x', '{}', 'm', null, false, 2, 'x', now()`,
    ];
    const outcomes: (string | undefined)[] = [];
    for (const write of writes) outcomes.push((await attacker.commit(write)).code);
    // Nothing of another organization is there to be changed, and nothing here refers to it.
    expect(outcomes).toEqual([undefined, undefined, undefined, '42501', '23503', '23503']);
    await attacker.close();
    expect(await everything(b)).toBe(before);
  });
});

const [admins, workers, everyone] = ['owner admin', 'owner admin member', 'owner admin member viewer'];

describe('who may do what with personas', () => {
  const [a, b] = twoOrgs();
  let world: AgentsWorld;
  let table: [RequestContract, () => object, string][];

  beforeAll(async () => {
    world = await agentsWorld();
    await world.persona(b);
    const { id } = await world.persona(a);
    const fact = await world.ask(a, NoteFact, { persona_id: id, text: 'x' });
    const place = { persona_id: id, id: fact.id };
    const conversation = await world.ask(a, CreateConversation, {});
    table = [
      [ListPersonas, () => ({}), everyone],
      [ListModels, () => ({}), everyone],
      [GetPersona, () => ({ id }), everyone],
      [ListPersonaVersions, () => ({ id }), everyone],
      [CreatePersona, () => ({ name: newId(), instructions: 'x' }), admins],
      [UpdatePersona, () => ({ id, instructions: newId() }), admins],
      [ArchivePersona, () => ({ id }), admins],
      [RestorePersona, () => ({ id }), admins],
      [ListFacts, () => ({ persona_id: id }), everyone],
      [GetFact, () => place, everyone],
      [NoteFact, () => ({ persona_id: id, text: 'x' }), workers],
      [CorrectFact, () => ({ ...place, text: newId() }), workers],
      [DeleteFact, () => ({ ...place, if_match: 1_000 }), workers],
      [ListConversations, () => ({}), everyone],
      [GetConversation, () => ({ id: conversation.id }), everyone],
      [CreateConversation, () => ({}), workers],
      [UpdateConversation, () => ({ id: conversation.id, title: newId() }), workers],
      [PostMessage, () => ({ conversation_id: newId(), text: 'x' }), workers],
      [GetRun, () => ({ id: newId() }), everyone],
      [CancelRun, () => ({ id: newId() }), workers],
      [ListDocuments, () => ({}), everyone],
      [GetDocument, () => ({ id: newId() }), everyone],
      [ReadDocumentPage, () => ({ id: newId(), page: 1 }), everyone],
      [SearchDocuments, () => ({ q: 'x' }), everyone],
      [StartDocument, () => ({ file_name: 'x.txt' }), workers],
      [StartDocumentUpload, () => ({ id: newId(), file_name: 'x.txt' }), workers],
      [AppendDocumentPiece, () => ({ id: newId(), seq: 0, data: 'eA==' }), workers],
      [FinishDocument, () => ({ id: newId(), pieces: 0, sha256: 'a'.repeat(64) }), workers],
      [AbandonDocument, () => ({ id: newId() }), workers],
      [DeleteDocument, () => ({ id: newId() }), workers],
      [ListAgentsAuditLog, () => ({}), everyone],
      [ListAgentsEvents, () => ({ limit: 10 }), everyone],
    ];
  });
  afterAll(() => world.stop());

  it('has every request of people in its table', () => {
    const asked = contractsOf('agents').filter(
      // Whoever may ask for a state may watch it.
      (contract) => (contract.kind === 'query' || contract.kind === 'command') && contract.callers.includes('gateway'),
    );
    expect(table.map(([contract]) => typeOf(contract)).toSorted()).toEqual(asked.map(typeOf).toSorted());
  });

  it('is what the table says, role by role', async () => {
    for (const [contract, request, allowed] of table)
      for (const role of ROLES) {
        const code = await world.code(a, contract, request(), { role, signOuts: 0 });
        expect([contract.method, role, code !== 'forbidden']).toEqual([
          contract.method,
          role,
          allowed.split(' ').includes(role),
        ]);
      }
  });
});
