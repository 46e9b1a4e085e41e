import {
  agentsMessages,
  ArchivePersona,
  CorrectFact,
  DeleteFact,
  GetFact,
  ListAgentsAuditLog,
  ListFacts,
  NoteFact,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { twoOrgs } from '@apollo/testing';
import { type AgentsWorld, agentsWorld } from '../agents.world.spec.js';
import { MOST_FACTS } from './fact.repository.js';

describe('what a persona remembers', () => {
  const [a, b] = twoOrgs();
  let world: AgentsWorld;
  let persona_id: string;
  beforeAll(async () => {
    world = await agentsWorld();
    await world.persona(b);
  });
  beforeEach(async () => {
    ({ id: persona_id } = await world.persona(a, { name: newId() }));
  });
  afterAll(() => world.stop());

  const note = (text: string, asker?: Parameters<AgentsWorld['ask']>[3]): Promise<agentsMessages.Fact> =>
    world.ask(a, NoteFact, { persona_id, text }, asker);
  const facts = async () => (await world.ask(a, ListFacts, { persona_id })).items;

  it('is read by everybody, and noted, corrected and deleted by those who work with it', async () => {
    const member = { actor: newId(), role: 'member' } as const;
    const viewer = { actor: a.viewer, role: 'viewer' } as const;
    const fact = await note('Our year ends in June.\nThe one of Brightpath as well.', member);
    expect(fact).toEqual({
      id: expect.any(String),
      persona_id,
      text: 'Our year ends in June.\nThe one of Brightpath as well.',
      source: 'person',
      noted_by: member.actor,
      noted_at: expect.any(String),
      version: 1,
    });
    const { id } = fact;
    expect(await world.ask(a, GetFact, { persona_id, id }, viewer)).toEqual(fact);
    expect((await world.ask(a, ListFacts, { persona_id }, viewer)).items).toEqual([fact]);
    expect(await world.code(a, NoteFact, { persona_id, text: 'x' }, viewer)).toBe('forbidden');
    expect(await world.code(a, CorrectFact, { persona_id, id, text: 'x' }, viewer)).toBe('forbidden');
    expect(await world.code(a, DeleteFact, { persona_id, id }, viewer)).toBe('forbidden');
    const corrected = await world.ask(a, CorrectFact, { persona_id, id, text: 'It ends in May.', if_match: 1 });
    expect(corrected).toMatchObject({ id, text: 'It ends in May.', noted_by: a.owner, version: 2 });
    expect(await facts()).toEqual([corrected]);
    await world.ask(a, DeleteFact, { persona_id, id, if_match: 2 }, member);
    expect(await facts()).toEqual([]);
    expect(await world.code(a, DeleteFact, { persona_id, id })).toBe('not_found');
    const log = (await world.ask(a, ListAgentsAuditLog, {})).items.filter(({ subject }) => subject === id);
    expect(log.map(({ action, actor, outcome, detail }) => [action, actor, outcome, detail])).toEqual([
      ['agents.delete-fact.v1', member.actor, 'done', { persona_id }],
      ['agents.correct-fact.v1', a.owner, 'done', { persona_id, version: 2 }],
      ['agents.note-fact.v1', member.actor, 'done', { persona_id }],
    ]);
  });

  it('is whoever’s who corrected it last: what a run noted is a person’s from then on', async () => {
    const id = newId();
    await world.test.admin(
      "insert into agents.facts values ($1, $2, $3, 'They pay late.', 'run', 'system:agents', now(), 1)",
      [a.id, id, persona_id],
    );
    expect(await world.ask(a, GetFact, { persona_id, id })).toMatchObject({ source: 'run', noted_by: 'system:agents' });
    expect(await world.ask(a, CorrectFact, { persona_id, id, text: 'They pay in time.' })).toMatchObject({
      source: 'person',
      noted_by: a.owner,
      version: 2,
    });
  });

  it('is changed by those alone who saw the version that there is', async () => {
    const { id } = await note('Once.');
    expect(await world.code(a, CorrectFact, { persona_id, id, text: 'Twice.', if_match: 2 })).toBe('etag_mismatch');
    expect(await world.code(a, DeleteFact, { persona_id, id, if_match: 2 })).toBe('etag_mismatch');
    expect(await world.ask(a, CorrectFact, { persona_id, id, text: 'Once.' })).toMatchObject({ version: 1 });
    const codes = await Promise.all(
      ['A', 'B', 'C'].map((text) => world.code(a, CorrectFact, { persona_id, id, text, if_match: 1 })),
    );
    expect(codes.toSorted()).toEqual(['etag_mismatch', 'etag_mismatch', 'taken']);
  });

  it('is not found with another persona of the organization', async () => {
    const { id } = await note('Mine.');
    const other = await world.persona(a, { name: newId() });
    const place = { persona_id: other.id, id };
    expect(await world.code(a, GetFact, place)).toBe('not_found');
    expect(await world.code(a, CorrectFact, { ...place, text: 'x' })).toBe('not_found');
    expect(await world.code(a, DeleteFact, place)).toBe('not_found');
    expect((await world.ask(a, ListFacts, { persona_id: other.id })).items).toEqual([]);
    expect(await facts()).toHaveLength(1);
  });

  it('is as much as it may be, also where several note something at once', async () => {
    await world.test.admin(
      `insert into agents.facts select $1, gen_random_uuid(), $2, 'Fact ' || n, 'person', 'x', now(), 1 from generate_series(1, $3::int) n`,
      [a.id, persona_id, MOST_FACTS - 1],
    );
    const codes = await Promise.all(['A', 'B', 'C', 'D'].map((text) => world.code(a, NoteFact, { persona_id, text })));
    expect(codes.toSorted()).toEqual([...Array(3).fill('state_conflict'), 'taken']);
    const pages: agentsMessages.Fact[] = [];
    for (let cursor: string | undefined, first = true; first || cursor; first = false) {
      const page = await world.ask(a, ListFacts, { persona_id, limit: 200, cursor });
      pages.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    }
    expect(new Set(pages.map(({ id }) => id)).size).toBe(MOST_FACTS);
  });

  it.each([
    ['nothing', ''],
    ['more than it may be', 'x'.repeat(agentsMessages.LONGEST_FACT + 1)],
    ['what turns the direction of text', 'a\u202eb'],
  ])('is refused with %s', async (_what, text) => {
    expect(await world.code(a, NoteFact, { persona_id, text })).toBe('validation_failed');
    expect(await facts()).toEqual([]);
  });

  it('stays with a persona that is archived', async () => {
    const fact = await note('語'.repeat(agentsMessages.LONGEST_FACT));
    await world.ask(a, ArchivePersona, { id: persona_id });
    expect(await facts()).toEqual([fact]);
    await world.ask(a, DeleteFact, { persona_id, id: fact.id });
    expect(await facts()).toEqual([]);
  });
});
