import { GetConversation, GetRun, ListConversations, PostMessage, UpdateConversation } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { Attacker, twoOrgs } from '@apollo/testing';
import { RunWorld, words } from '../runs/run.world.spec.js';

describe('a conversation of another organization', () => {
  const [a, b] = twoOrgs();
  let world: RunWorld;
  let run: string;
  let conversation: string;

  beforeAll(async () => {
    world = await RunWorld.start();
    world.parts = async function* () {
      yield* words(b.canary);
    };
    const posted = await world.post(b, (await world.persona(b, [])).id, undefined, `${b.canary} asks`);
    [run, conversation] = [posted.id, posted.conversation_id];
    await world.ended(b, run);
  });
  afterAll(() => world.stop());

  it('is for every request the same as what never was, and in no list', async () => {
    const { refusal } = world.agents;
    const same = async (ask: (id: string) => Promise<string>, id: string) =>
      expect((await ask(id)).replaceAll(id, '')).toBe(await ask(newId()));
    await same((id) => refusal(a, GetConversation, { id }), conversation);
    await same((id) => refusal(a, UpdateConversation, { id, title: 'x' }), conversation);
    await same((id) => refusal(a, GetRun, { id }), run);
    await same((id) => refusal(a, PostMessage, { conversation_id: id, text: 'x' }, { signOuts: 0 }), conversation);
    const listed = await world.agents.ask(a, ListConversations, { search: b.canary });
    expect(listed.items).toEqual([]);
    expect((await world.agents.ask(b, ListConversations, { search: b.canary.toUpperCase() })).items).toHaveLength(1);
    expect(JSON.stringify(await world.agents.ask(b, GetConversation, { id: conversation }))).toContain(b.canary);
  });

  it('is neither shown nor written to by any SQL under one’s own tag, and no log is changed by one’s own', async () => {
    const attacker = await Attacker.connect(world.agents.test, a);
    const writes = [
      `update agents.conversations set title = 'taken' where id = '${conversation}'`,
      `update agents.runs set answer = 'taken' where id = '${run}'`,
      `insert into agents.run_entries select '${b.id}', gen_random_uuid(), '${run}', 99, 'asked', '{}', now(), null`,
      `insert into agents.run_entries select '${a.id}', gen_random_uuid(), '${run}', 99, 'asked', '{}', now(), null`,
    ];
    const codes: (string | undefined)[] = [];
    for (const write of writes) codes.push((await attacker.commit(write)).code);
    expect(codes).toEqual([undefined, undefined, '42501', '23503']);
    await attacker.close();
    const own = await Attacker.connect(world.agents.test, b);
    for (const write of [
      `update agents.run_entries set payload = '{}' where run_id = '${run}'`,
      `delete from agents.run_entries where run_id = '${run}'`,
      `update agents.runs set text = 'never said' where id = '${run}'`,
    ])
      expect((await own.commit(write)).code).toBe('42501');
    await own.close();
    expect(JSON.stringify(await world.trace(b, run))).not.toContain('taken');
  });
});
