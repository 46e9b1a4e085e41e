import { setTimeout as sleep } from 'node:timers/promises';
import {
  AddNote,
  CreateLead,
  type leadsMessages,
  ListImportChanges,
  ListPipelines,
  MoveLead,
  UpdateLead,
  UpdateStage,
} from '@apollo/contracts';
import { Attacker, type TestOrg, testOrg } from '@apollo/testing';
import { BATCH_ROWS } from './import.limits.js';
import { type ImportWorld, importWorld } from './import.world.spec.js';

const mapping = {
  Id: 'external_id',
  Name: 'contact_name',
  City: 'city',
  State: 'state',
  Value: 'value',
  Note: 'custom_fields.note',
  Hint: 'custom_fields.hint',
};
const WAITING = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";

type Edit = Partial<leadsMessages.UpdateLeadRequest>;

describe('an edit between two changes of one import', () => {
  let world: ImportWorld;
  beforeAll(async () => {
    world = await importWorld();
  });
  afterAll(() => world.stop());

  /** Rows that nobody looks at, up to the next batch. */
  const others = (batch: number): string[] => Array.from({ length: BATCH_ROWS }, (_, n) => `o${batch}-${n},Other,,,,,`);

  /**
   * Imports rows, each in a batch of its own, with something between each two: the batch waits for a lead that sorts before
   * those of the rows, and has begun.
   *
   * @param rows what follows after the lead's external id `x`
   */
  async function imported(
    org: TestOrg,
    rows: readonly string[],
    between: readonly (() => Promise<unknown>)[],
  ): Promise<string> {
    const gates: Attacker[] = [];
    const lines = ['Id,Name,City,State,Value,Note,Hint,Stage', `x,${rows[0]}`];
    for (const [at, row] of rows.slice(1).entries()) {
      const { id } = await world.ask(org, CreateLead, { contact_name: 'Gate', external_id: `gate${at}` });
      const gate = await Attacker.connect(world.test, org);
      const held = await gate.plain(
        'begin',
        `select tenancy.carry('${gate.tag()}')`,
        `select from leads.leads where id = '${id}' for update`,
      );
      expect(held.code).toBeUndefined();
      gates.push(gate);
      lines.push(...others(at), `gate${at},Gate,,,,,`, `x,${row}`);
    }
    const { id } = await world.send(org, `${lines.join('\n')}\n`, {
      mapping: { ...mapping, Stage: 'stage' },
      identity: 'external_id',
    });
    for (const [at, gate] of gates.entries()) {
      await world.reached(org, id, (at + 1) * BATCH_ROWS);
      while ((await world.test.admin(WAITING)).length === 0) await sleep(10);
      await between[at]?.();
      await gate.plain('commit');
      await gate.close();
    }
    expect(await world.ended(org, id)).toMatchObject({ status: 'finished' });
    return id;
  }

  const leadOf = async (org: TestOrg): Promise<leadsMessages.Lead> =>
    (await world.leads(org)).find(({ external_id }) => external_id === 'x') as leadsMessages.Lead;

  async function existing(org: TestOrg): Promise<leadsMessages.Lead> {
    const file = 'Id,Name,City,State,Value,Note,Hint\nx,Ada,Old city,Old state,1,Old note,Old hint\n';
    await world.import(org, file, { mapping });
    return leadOf(org);
  }

  it('moves no lead to a stage that was archived, nor back to one', async () => {
    const org = testOrg();
    const found = await existing(org);
    const { stages, id: pipeline_id } = (await world.ask(org, ListPipelines, {})).items[0] as leadsMessages.Pipeline;
    const [, qualified, talking] = stages.map(({ id }) => id) as [string, string, string];
    const archive = (id: string) => world.ask(org, UpdateStage, { pipeline_id, id, archived: true });
    await world.ask(org, MoveLead, { id: found.id, stage_id: qualified });
    const rows = ['Ada,,,,,,In conversation', 'Ada,,,,,,Proposal sent'];
    const proposal = stages.find(({ name }) => name === 'Proposal sent')?.id as string;
    const id = await imported(org, rows, [() => archive(proposal)]);
    expect((await leadOf(org)).stage_id).toBe(talking);
    await archive(qualified);
    await world.undone(org, id);
    expect((await leadOf(org)).stage_id).toBe(talking);
  });

  const TWICE = ['Ada,First,,,,', 'Ada,Second,,,,'];
  const CITY = { before: { city: 'Old city' }, after: { city: 'Second' } };

  it.each<[string, string[], Edit[], object]>([
    ['of another field', TWICE, [{ company: 'Told' }], CITY],
    [
      'where the second is of yet another field',
      ['Ada,First,,,,', 'Ada,,Second,,,'],
      [{ company: 'Told' }],
      {
        before: { city: 'Old city', state: 'Old state' },
        after: { city: 'First', state: 'Second' },
      },
    ],
    [
      'of a field that only the second writes',
      ['Ada,First,,,,', 'Ada,,Second,,,'],
      [{ state: 'Told' }],
      {
        before: { city: 'Old city', state: 'Told' },
        after: { city: 'First', state: 'Second' },
      },
    ],
    [
      'of a field that only the first writes',
      ['Ada,First,,,,', 'Ada,,Second,,,'],
      [{ city: 'Told' }],
      {
        before: { city: 'Old city', state: 'Old state' },
        after: { city: 'First', state: 'Second' },
      },
    ],
    ['of the field itself', TWICE, [{ city: 'Told' }], { before: { city: 'Told' }, after: { city: 'Second' } }],
    ['that puts the field back', TWICE, [{ city: 'Old city' }], CITY],
    [
      'where the second puts the field back',
      ['Ada,First,,,,', 'Ada,Old city,,,,'],
      [{ city: 'Told' }],
      {
        before: { city: 'Told' },
        after: { city: 'Old city' },
      },
    ],
    [
      'of a custom field',
      ['Ada,,,2.50,First,', 'Ada,,,3,Second,'],
      [{ custom_fields: { hint: 'Told' } }],
      {
        before: { value_minor: 100, 'custom_fields.note': 'Old note' },
        after: { value_minor: 300, 'custom_fields.note': 'Second' },
      },
    ],
    [
      'that empties a custom field',
      ['Ada,,,,First,', 'Ada,,,,,Second'],
      [{ custom_fields: { hint: null } }],
      {
        before: { 'custom_fields.note': 'Old note', 'custom_fields.hint': null },
        after: { 'custom_fields.note': 'First', 'custom_fields.hint': 'Second' },
      },
    ],
    [
      'before one that changes nothing',
      ['Ada,First,,,,', 'Ada,First,,,,'],
      [{ company: 'Told' }],
      {
        before: { city: 'Old city' },
        after: { city: 'First' },
      },
    ],
    [
      'and another before the third',
      [...TWICE, 'Ada,Third,,,,'],
      [{ company: 'Told' }, { state: 'Told' }],
      {
        before: { city: 'Old city' },
        after: { city: 'Third' },
      },
    ],
    [
      'with none before the third',
      [...TWICE, 'Ada,Third,,,,'],
      [{ company: 'Told' }, {}],
      {
        before: { city: 'Old city' },
        after: { city: 'Third' },
      },
    ],
    [
      'after the second alone',
      [...TWICE, 'Ada,Third,,,,'],
      [{}, { company: 'Told' }],
      {
        before: { city: 'Old city' },
        after: { city: 'Third' },
      },
    ],
  ])('is neither lost when that is taken back nor told as its change: %s', async (_what, rows, edits, told) => {
    const org = testOrg();
    const { id } = await existing(org);
    const edit = (content: Edit) => async (): Promise<void> => {
      if (Object.keys(content).length > 0) await world.ask(org, UpdateLead, { id, ...content });
    };
    const done = await imported(org, rows, edits.map(edit));
    expect((await world.ask(org, ListImportChanges, { id: done })).items).toEqual([{ lead_id: id, ...told }]);
    const before = await leadOf(org);
    const { undo } = await world.undone(org, done);
    expect(undo).toMatchObject({ restored: 0, stayed: 1, stayed_leads: [id] });
    expect(await leadOf(org)).toEqual(before);
  });

  it('is what keeps it: a lead that nobody edited is what it was before the first', async () => {
    const org = testOrg();
    const before = await existing(org);
    const done = await imported(org, ['Ada,First,,2,,', 'Ada,,Second,,Second,'], []);
    expect((await world.ask(org, ListImportChanges, { id: done })).items).toEqual([
      {
        lead_id: before.id,
        before: { city: 'Old city', state: 'Old state', value_minor: 100, 'custom_fields.note': 'Old note' },
        after: { city: 'First', state: 'Second', value_minor: 200, 'custom_fields.note': 'Second' },
      },
    ]);
    expect((await world.undone(org, done)).undo).toMatchObject({ restored: 1, stayed: 0 });
    const after = await leadOf(org);
    expect(after).toEqual({ ...before, version: 4, updated_at: after.updated_at });
  });

  it.each<[string, (org: TestOrg, id: string) => Promise<unknown>]>([
    ['an edit', (org, id) => world.ask(org, UpdateLead, { id, company: 'Told' })],
    ['a note', (org, id) => world.ask(org, AddNote, { id, text: 'called' })],
  ])('leaves a lead as it is, and counted once, that the import itself had made: %s', async (_what, touch) => {
    const org = testOrg();
    const done = await imported(org, TWICE, [async () => touch(org, (await leadOf(org)).id)]);
    const before = await leadOf(org);
    expect(before.city).toBe('Second');
    expect((await world.undone(org, done)).undo).toMatchObject({
      removed: BATCH_ROWS,
      restored: 0,
      stayed: 1,
      stayed_leads: [before.id],
    });
    expect(await leadOf(org)).toEqual(before);
  });

  it('keeps it also where it was under way when the import was taken back, and was committed meanwhile', async () => {
    const org = testOrg();
    const { id } = await existing(org);
    const done = await imported(org, TWICE, []);
    const person = await Attacker.connect(world.test, org);
    const outcome = await person.plain(
      'begin',
      `select tenancy.carry('${person.tag()}')`,
      `update leads.leads set company = 'Told', version = version + 1 where id = '${id}'`,
    );
    expect(outcome.code).toBeUndefined();
    const end = world.undone(org, done);
    while ((await world.test.admin(WAITING)).length === 0) await sleep(10);
    await person.plain('commit');
    await person.close();
    expect((await end).undo).toMatchObject({ restored: 0, stayed: 1, stayed_leads: [id] });
    expect(await leadOf(org)).toMatchObject({ city: 'Second', company: 'Told' });
  });

  it.each(['{}', 'null', '[]', '17', '{"custom_fields": "x", "city": {}}'])(
    'stops no import, whatever SQL wrote in the place of what was kept: %s',
    async (shape) => {
      const org = testOrg();
      const { id } = await existing(org);
      const done = await imported(org, TWICE, [
        async () => {
          await world.ask(org, UpdateLead, { id, company: 'Told' });
          await world.test.admin('update leads.import_changes set before = $1, after = $1 where lead_id = $2', [
            shape,
            id,
          ]);
        },
      ]);
      const { items } = await world.ask(org, ListImportChanges, { id: done });
      expect(items).toMatchObject([{ lead_id: id, before: { city: 'First' }, after: { city: 'Second' } }]);
      expect((await world.undone(org, done)).undo).toMatchObject({ restored: 0, stayed: 1 });
    },
  );
});
