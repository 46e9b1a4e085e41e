import { TIME_ZONES } from '@apollo/contracts';
import { asPlatform } from '@apollo/testing';
import { ORGS, StarsWorld } from '../spec/stars.world.spec.js';

/**
 * Instants at which zones differ that are the same in winter; past ones, since each tzdata has its own idea of the
 * next.
 */
const INSTANTS = ['2024-01-15T12:00:00Z', '2024-04-15T12:00:00Z', '2025-07-15T12:00:00Z', '2025-10-15T12:00:00Z'];

/** Names that JavaScript takes, and PostgreSQL not or for another thing. */
const OTHERS = [
  'VST',
  'US/Pacific-New',
  'IST',
  'BST',
  'PST',
  'CET',
  'MET',
  'EET',
  'WET',
  'Mars/Olympus',
  '+02:00',
  'EST5EDT',
  'Ab/c-167',
  'Europe/Berlin-167',
  'Europe/B5',
  '',
];

const localTime = (instant: string, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(new Date(instant));

describe('the zone of an organization', () => {
  let world: StarsWorld;
  beforeAll(async () => {
    world = await StarsWorld.start(4);
  });
  afterEach(async () => expect(await world.findings()).toEqual([]));
  afterAll(() => world.test.drop());

  it('is known to the database whichever of the list it is, and means there what it means here', async () => {
    const unknown = (zones: string[]) => asPlatform(() => world.walletRows.unknownZones(zones));
    expect(await unknown(['UTC', 'Mars/Olympus'])).toEqual(['Mars/Olympus']);
    expect(await unknown([...TIME_ZONES])).toEqual([]);
    const rows = await world.test.admin(
      `select z || ' ' || i as what, to_char(i::timestamptz at time zone z, 'YYYY-MM-DD HH24:MI:SS') as local from unnest($1::text[]) z cross join unnest($2::text[]) i`,
      [[...TIME_ZONES], INSTANTS],
    );
    expect(rows).toHaveLength(TIME_ZONES.size * INSTANTS.length);
    const there = new Map(rows.map(({ what, local }) => [what, local]));
    const differ = [...TIME_ZONES].flatMap((zone) =>
      INSTANTS.filter((instant) => there.get(`${zone} ${instant}`) !== localTime(instant, zone)).map(
        (instant) => `${zone} ${instant}`,
      ),
    );
    expect(differ).toEqual([]);
  });

  it.each(OTHERS)('that is %p keeps no wallet shut', async (zone) => {
    expect(await world.wallet(await world.org({}, zone))).toMatchObject({ time_zone: 'UTC', package_balance: 500 });
  });

  it.each(OTHERS)('that becomes %p holds up nothing else of what orgs tells', async (time_zone) => {
    const org = await world.org({}, 'Europe/Berlin');
    await org.as(() => world.wallets.follow({ time_zone }), ORGS);
    await org.as(() => world.wallets.stand({ status: 'suspended' }), ORGS);
    expect(await world.wallet(org)).toMatchObject({ time_zone: 'Europe/Berlin', standing: 'suspended' });
  });
});
