import { specimenSchema } from '../specimen/specimen.schema.js';
import { type TwoWorlds, twoWorlds } from './two.worlds.js';
import { compareWorlds } from './world.comparison.js';

const PAIR = 'org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())';

describe('A71 two worlds that differ in every value of everybody else', () => {
  let worlds: TwoWorlds;
  beforeAll(async () => {
    worlds = await twoWorlds(await specimenSchema());
  }, 60_000);
  afterAll(() => worlds?.drop());

  const inBoth = async (sql: string): Promise<void> => {
    for (const { test } of worlds.worlds) await test.admin(sql);
  };
  const policies = async (text: string): Promise<void> => {
    for (const name of ['restrictive', 'permissive'])
      await inBoth(`alter policy tenancy_${name} on specimen.papers using (${text}) with check (${text})`);
  };
  const cost = (of: number): Promise<void> =>
    inBoth(
      `update pg_proc set procost = ${of} where proname = 'same' and pronamespace = 'tenancy_hidden'::regnamespace`,
    );

  it('are one to whoever asks, with any tag or none', async () => {
    const found = await compareWorlds(worlds, { seed: 1, count: 1_200 });
    expect(found.tells.slice(0, 3)).toEqual([]);
    expect(found.unguarded).toEqual([]);
    // The control: its own rows are answered, and what may not be asked is refused.
    expect(found.answered).toBeGreaterThan(150);
    expect(found.refused).toBeGreaterThan(200);
  }, 120_000);

  const weaker: [name: string, weaken: () => Promise<void>, heal: () => Promise<void>][] = [
    ['a policy that compares once', () => policies('org_id = (select tenancy.org_id())'), () => policies(PAIR)],
    ['a comparison that costs nothing, and can be tied with', () => cost(0), () => cost(-1)],
    ['a comparison that costs as much as others', () => cost(1), () => cost(-1)],
    [
      'an index that does not begin with the key',
      () => inBoth('create index papers_by_secret on specimen.papers (secret)'),
      () => inBoth('drop index specimen.papers_by_secret'),
    ],
  ];
  it.each(weaker)(
    'are told apart where there is %s',
    async (_name, weaken, heal) => {
      await weaken();
      const found = await compareWorlds(worlds, { seed: 3, count: 6_000, untilFound: true });
      await heal();
      expect(found.tells.length + found.unguarded.length).toBeGreaterThan(0);
    },
    120_000,
  );
});
