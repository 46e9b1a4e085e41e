import { worldTimes } from '../config.js';
import { specimenSchema } from '../specimen/specimen.schema.js';
import { SeededRandom } from './seeded.random.js';
import { type TwoWorlds, twoWorlds } from './two.worlds.js';
import { slowed, type TimedCondition, timedConditions, timeWorlds, type Timing } from './world.timing.js';

const { seed, pairs, patienceMs } = worldTimes();
/** Pairs that are enough for what takes twice as long, on whatever machine. */
const FEW = 40;

/** Says one line of the result, beside the names of the tests. */
const say = (line: string): boolean => process.stdout.write(`timing: ${line}\n`);
const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`;

describe('A71 how long a condition takes', () => {
  let worlds: TwoWorlds;
  let all: TimedCondition[];
  let ofPapers: TimedCondition[];
  const random = new SeededRandom(seed);
  beforeAll(async () => {
    worlds = await twoWorlds(await specimenSchema(), { sameShape: true });
    all = timedConditions(worlds.tables);
    ofPapers = timedConditions(worlds.tables.filter(({ name }) => name === 'papers'));
  }, 60_000);
  afterAll(() => worlds?.drop());

  it('is measured: what takes twice as long in one world is told', async () => {
    const control = slowed(ofPapers[0] as TimedCondition, 1);
    const { told } = await timeWorlds(worlds, [control, ...ofPapers.slice(-1)], { pairs: FEW, random });
    expect(told).toContain(control.name);
  }, 120_000);

  // On a machine of its own, for minutes: only as `npm run worlds`.
  if (pairs > 0) {
    let result: Timing;

    it(
      'is one in two worlds that differ in every value of everybody else, to whoever asks',
      async () => {
        result = await timeWorlds(worlds, all, { pairs, random });
        say(
          `${result.conditions} conditions, ${pairs} pairs each, smallest effect found with 95 %: ${percent(result.smallest)}, ${result.told.length === 0 ? 'none told' : `told: ${result.told.join('; ')}`}`,
        );
        expect(result.told).toEqual([]);
      },
      patienceMs,
    );

    it(
      'is told apart where one takes longer by three times the smallest effect',
      async () => {
        const control = slowed(ofPapers[0] as TimedCondition, Math.max(3 * result.smallest, 0.002));
        const { told } = await timeWorlds(worlds, [control], { pairs, random });
        say(`control, ${percent(control.slowed ?? 0)} slower: ${told.length === 0 ? 'none' : 'told'}`);
        expect(told).toEqual([control.name]);
      },
      patienceMs,
    );

    it(
      'is told apart where a policy compares once',
      async () => {
        const once = 'org_id = (select tenancy.org_id())';
        for (const { test } of worlds.worlds)
          for (const name of ['restrictive', 'permissive'])
            await test.admin(`alter policy tenancy_${name} on specimen.papers using (${once}) with check (${once})`);
        const { told } = await timeWorlds(worlds, ofPapers, { pairs, random });
        say(`control, a policy that compares once: ${told.length} of ${ofPapers.length} told`);
        expect(told.length).toBeGreaterThan(0);
      },
      patienceMs,
    );
  }
});
