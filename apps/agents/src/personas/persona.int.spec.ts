import {
  agentsMessages,
  ArchivePersona,
  CreatePersona,
  GetPersona,
  ListAgentsAuditLog,
  ListAgentsEvents,
  ListModels,
  ListPersonas,
  ListPersonaVersions,
  RestorePersona,
  TOOL_NAMES,
  UpdatePersona,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { Attacker, testOrg, twoOrgs, until } from '@apollo/testing';
import { type AgentsWorld, agentsWorld } from '../agents.world.spec.js';
import { PlatformModels } from '../model/model.source.js';
import { MOST_PERSONAS } from './persona.repository.js';

const INSTRUCTIONS = 'Be brief.\nSay where you have it from.';

describe('personas', () => {
  const [a, b] = twoOrgs();
  let world: AgentsWorld;
  beforeAll(async () => {
    const listed = { name: 'acme/large-2', url: 'https://models.acme.test/v1', model: 'large', key: 'never shown' };
    world = await agentsWorld(undefined, new PlatformModels([{ ...listed, fallback: ['apollo-offline-1'] }]));
  });
  afterAll(() => world.stop());

  const versionsOf = async (id: string, org = a) => (await world.ask(org, ListPersonaVersions, { id })).items;

  it('begin with a model that needs no key, no tool, and what the organization allows each of its agents', async () => {
    const made = await world.ask(a, CreatePersona, { name: 'Scout', instructions: INSTRUCTIONS });
    expect(made).toEqual({
      id: expect.any(String),
      name: 'Scout',
      description: null,
      instructions: INSTRUCTIONS,
      tools: [],
      model: 'apollo-offline-1',
      daily_cap: null,
      archived: false,
      version: 1,
      is_chief_of_staff: false,
      created_at: expect.any(String),
    });
    expect(await world.ask(a, GetPersona, { id: made.id })).toEqual(made);
    const { instructions: _instructions, ...listed } = made;
    expect((await world.ask(a, ListPersonas, {})).items).toContainEqual(listed);
  });

  it('keep every version as it was, with who made it and when, and an entry of the audit log for each', async () => {
    const admin = newId();
    const { id } = await world.ask(a, CreatePersona, {
      name: 'Clerk',
      instructions: INSTRUCTIONS,
      tools: ['read_lead'],
      daily_cap: 50,
    });
    const changes = { instructions: 'Be kind.', tools: ['add_note', 'read_lead', 'add_note'], model: 'acme/large-2' };
    const changed = await world.ask(a, UpdatePersona, { id, ...changes }, { actor: admin, role: 'admin' });
    expect(changed).toMatchObject({ ...changes, tools: ['add_note', 'read_lead'], daily_cap: 50, version: 2 });
    await world.ask(a, UpdatePersona, { id, daily_cap: 0, description: 'Writes things down' });
    await world.ask(a, UpdatePersona, { id, description: null });
    const versions = await versionsOf(id);
    expect(versions.map(({ version, daily_cap, description }) => [version, daily_cap, description])).toEqual([
      [4, 0, null],
      [3, 0, 'Writes things down'],
      [2, 50, null],
      [1, 50, null],
    ]);
    expect(versions.at(-1)).toEqual({
      name: 'Clerk',
      description: null,
      instructions: INSTRUCTIONS,
      tools: ['read_lead'],
      model: 'apollo-offline-1',
      daily_cap: 50,
      archived: false,
      version: 1,
      changed_by: a.owner,
      changed_at: expect.any(String),
    });
    expect(versions[2]).toMatchObject({ ...changes, tools: ['add_note', 'read_lead'], changed_by: admin });
    const log = (await world.ask(a, ListAgentsAuditLog, {})).items.filter(({ subject }) => subject === id);
    expect(log.map(({ action, actor, detail }) => [action, actor, detail])).toEqual([
      ['agents.update-persona.v1', a.owner, { version: 4, fields: ['description'] }],
      ['agents.update-persona.v1', a.owner, { version: 3, fields: ['description', 'daily_cap'] }],
      ['agents.update-persona.v1', admin, { version: 2, fields: ['instructions', 'tools', 'model'] }],
      ['agents.create-persona.v1', a.owner, { version: 1 }],
    ]);
  });

  it('have versions that no SQL under their organization’s tag changes, takes back or writes twice', async () => {
    const { id } = await world.persona(a, { name: 'Fixed' });
    const before = await versionsOf(id);
    const attacker = await Attacker.connect(world.test, a);
    for (const attempt of [
      `update agents.persona_versions set instructions = 'x' where persona_id = '${id}'`,
      `delete from agents.persona_versions where persona_id = '${id}'`,
      `update agents.personas set is_chief_of_staff = true where id = '${id}'`,
      `update agents.personas set created_at = now() where id = '${id}'`,
    ])
      expect([attempt, (await attacker.commit(attempt)).code]).toEqual([attempt, '42501']);
    const again = `insert into agents.persona_versions select org_id, gen_random_uuid(), persona_id, name, description, 'x', tools, model, daily_cap, archived, version, changed_by, changed_at from agents.persona_versions where persona_id = '${id}'`;
    expect((await attacker.commit(again)).code).toBe('23505');
    await attacker.close();
    expect(await versionsOf(id)).toEqual(before);
  });

  it('make no version where nothing changes', async () => {
    const made = await world.persona(a, { name: 'Same', tools: ['add_note'] });
    const { id, name, description, instructions, tools, model } = made;
    expect(
      await world.ask(a, UpdatePersona, { id, name, description, instructions, tools, model, if_match: 1 }),
    ).toEqual(made);
    expect(await world.ask(a, RestorePersona, { id })).toEqual(made);
    expect(await versionsOf(id)).toHaveLength(1);
  });

  it('are changed by those alone who saw the version that there is', async () => {
    const { id } = await world.persona(a, { name: 'Racing' });
    const codes = await Promise.all(
      Array.from({ length: 6 }, (_, nth) =>
        world.code(a, UpdatePersona, { id, instructions: `Version of ${nth}`, if_match: 1 }),
      ),
    );
    expect(codes.toSorted()).toEqual([...Array(5).fill('etag_mismatch'), 'taken']);
    for (const contract of [ArchivePersona, RestorePersona])
      expect(await world.code(a, contract, { id, if_match: 1 })).toBe('etag_mismatch');
    await Promise.all(Array.from({ length: 6 }, (_, nth) => world.ask(a, UpdatePersona, { id, name: `R${nth}` })));
    expect((await versionsOf(id)).map(({ version }) => version)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('have names of their own in their organization while they are in use, in the other they are free', async () => {
    const first = await world.persona(a, { name: 'Named' });
    expect(await world.code(a, CreatePersona, { name: 'NAMED', instructions: 'x' })).toBe('name_taken');
    await world.persona(b, { name: 'Named' });
    const second = await world.persona(a, { name: 'Second' });
    expect(await world.code(a, UpdatePersona, { id: second.id, name: 'named' })).toBe('name_taken');
    expect(await world.ask(a, ArchivePersona, { id: first.id })).toMatchObject({ archived: true, version: 2 });
    await world.ask(a, UpdatePersona, { id: second.id, name: 'named' });
    expect(await world.code(a, RestorePersona, { id: first.id })).toBe('name_taken');
    await world.ask(a, UpdatePersona, { id: second.id, name: 'Second' });
    expect(await world.ask(a, RestorePersona, { id: first.id })).toMatchObject({ archived: false, version: 3 });
    expect((await versionsOf(first.id)).map(({ archived }) => archived)).toEqual([false, true, false]);
  });

  it.each([
    ['a tool that there is not', { tools: ['read_lead', 'drop_tables'] }],
    ['a tool by a name that every object has', { tools: ['constructor'] }],
    ['no instructions', { instructions: '' }],
    ['instructions that are too long', { instructions: 'x'.repeat(agentsMessages.LONGEST_INSTRUCTIONS + 1) }],
    ['a name that is too long', { name: 'x'.repeat(101) }],
    ['a cap below nothing', { daily_cap: -1 }],
    ['a cap of more Stars than there are', { daily_cap: 1_000_000_001 }],
    ['a model that is no name of one', { model: 'two words' }],
    ['a model that there is not', { model: 'acme/large-3' }],
    ['a field that nobody knows', { is_chief_of_staff: true }],
  ])('are refused with %s, new or changed', async (_what, wrong) => {
    const org = testOrg();
    const { id } = await world.persona(org);
    expect(await world.code(org, CreatePersona, { name: 'X', instructions: 'x', ...wrong })).toBe('validation_failed');
    expect(await world.code(org, UpdatePersona, { id, ...wrong })).toBe('validation_failed');
    expect(await versionsOf(id, org)).toHaveLength(1);
  });

  it('have the models that there are, of which nobody is told more than their names', async () => {
    expect(await world.ask(a, ListModels, {}, { role: 'viewer' })).toEqual({
      items: [
        { name: 'acme/large-2', fallback: ['apollo-offline-1'] },
        { name: 'apollo-offline-1', fallback: [] },
      ],
    });
  });

  it('may have every tool that there is, and instructions as long as they may be, of any writing', async () => {
    const instructions = '語'.repeat(agentsMessages.LONGEST_INSTRUCTIONS);
    const made = await world.persona(a, { name: 'Whole', tools: [...TOOL_NAMES], instructions });
    expect(made).toMatchObject({ tools: TOOL_NAMES, instructions });
    for (let nth = 0; nth < 22; nth += 1) await world.ask(a, UpdatePersona, { id: made.id, daily_cap: nth });
    const seen: number[] = [];
    for (let cursor: string | undefined, pages = 0; pages === 0 || cursor; pages += 1) {
      const page = await world.ask(a, ListPersonaVersions, { id: made.id, limit: 200, cursor });
      expect(page.items.length).toBeLessThanOrEqual(20);
      seen.push(...page.items.map(({ version }) => version));
      cursor = page.next_cursor ?? undefined;
    }
    expect(seen).toEqual(Array.from({ length: 23 }, (_, nth) => 23 - nth));
  });

  it('are listed in pages, oldest first, by a cursor of their organization’s and person’s own', async () => {
    const org = testOrg();
    const names = ['One', 'Two', 'Three', 'Four'];
    for (const name of names) await world.persona(org, { name });
    const first = await world.ask(org, ListPersonas, { limit: 3 });
    const cursor = first.next_cursor ?? '';
    const second = await world.ask(org, ListPersonas, { limit: 3, cursor });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(names);
    expect(second.next_cursor).toBeNull();
    expect(await world.code(b, ListPersonas, { cursor })).toBe('invalid_cursor');
    expect(await world.code(org, ListPersonas, { cursor }, { actor: org.viewer, role: 'viewer' })).toBe(
      'invalid_cursor',
    );
  });

  it('are as many as there may be, also where several are made at once', async () => {
    const org = testOrg();
    await world.persona(org);
    await world.test.admin(
      `insert into agents.personas (org_id, id, name, instructions, tools, model, archived, version, is_chief_of_staff, created_at)
       select $1, gen_random_uuid(), 'P' || n, 'x', '{}', 'm', n % 2 = 0, 1, false, now() from generate_series(1, $2::int) n`,
      [org.id, MOST_PERSONAS - 2],
    );
    const last = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => world.code(org, CreatePersona, { name, instructions: 'x' })),
    );
    expect(last.toSorted()).toEqual([...Array(3).fill('state_conflict'), 'taken']);
  });

  it('are made once by a request that comes again, and by another one with its key not at all', async () => {
    const org = testOrg();
    const key = { idempotencyKey: newId() };
    const request = { name: 'Once', instructions: 'x' };
    const made = await Promise.all(Array.from({ length: 5 }, () => world.ask(org, CreatePersona, request, key)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await world.code(org, CreatePersona, { ...request, name: 'Other' }, key)).toBe('idempotency_mismatch');
    expect((await world.ask(org, ListPersonas, {})).items).toHaveLength(1);
    expect((await world.ask(b, CreatePersona, { ...request, name: 'Twice' }, key)).id).not.toBe(made[0]?.id);
  });

  it('are told of to those who may see them, and their caps to billing-stars, as their rows say them', async () => {
    const org = testOrg();
    const { last } = await world.ask(org, ListAgentsEvents, { limit: 1 });
    const { id } = await world.persona(org, { daily_cap: 7 });
    await world.ask(org, UpdatePersona, { id, name: 'Renamed' });
    await world.ask(org, UpdatePersona, { id, daily_cap: 9 });
    await world.ask(org, ArchivePersona, { id });
    const told = await world.test.admin(
      'select type, body::jsonb as body from agents.outbox where org_id = $1 and entity_id = $2 order by entity, entity_version',
      [org.id, id],
    );
    expect(told).toEqual([
      { type: 'agents.cap.said.v1', body: { stars: 7 } },
      { type: 'agents.cap.said.v1', body: { stars: 9 } },
      { type: 'agents.persona.created.v1', body: { version: 1 } },
      ...[2, 3, 4].map((version) => ({ type: 'agents.persona.changed.v1', body: { version } })),
    ]);
    // An event is shown once every older transaction has ended, those of specs beside this one among them.
    let shown: string[] = [];
    await until(async () => {
      const { items } = await world.ask(org, ListAgentsEvents, { after: last, limit: 100 }, { role: 'viewer' });
      shown = items.map(({ type }) => type);
      return shown.length >= told.length;
    });
    expect(shown.toSorted()).toEqual(told.map(({ type }) => String(type)).toSorted());
    // Whatever SQL tells of it, billing-stars hears what the row says, and of another organization's persona nothing.
    const attacker = await Attacker.connect(world.test, org);
    const tell = (persona: string) =>
      `select agents.write_event('agents.cap.said.v1', '${persona}', '${org.owner}', null, 'r', null, '{"stars":1000000}')`;
    expect((await attacker.commit(tell(id))).code).toBeUndefined();
    const foreign = await world.persona(b, { name: 'Capped', daily_cap: 3 });
    for (const other of [foreign.id, newId()]) expect((await attacker.commit(tell(other))).code).toBe('22023');
    await attacker.close();
    expect(
      await world.test.admin(
        "select body::jsonb as body from agents.outbox where org_id = $1 and type = 'agents.cap.said.v1' order by entity_version",
        [org.id],
      ),
    ).toEqual([7, 9, 9].map((stars) => ({ body: { stars } })));
  });
});
