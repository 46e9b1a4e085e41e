import type pg from 'pg';
import { giveRoleDefaults, roleDefaultFindings, type RuntimeRole } from './role.defaults.js';

interface Row {
  readonly role: string;
  readonly here: boolean | null;
  readonly tooLarge: boolean | null;
  readonly entries: readonly string[] | null;
}
const none = (role: string): Row => ({ role, here: null, tooLarge: null, entries: null });
const ALWAYS = [
  'track_activities=off',
  'statement_timeout=15s',
  'lock_timeout=5s',
  'idle_in_transaction_session_timeout=15s',
  'search_path=pg_catalog',
];
const OF_THE_CHECKER = [
  ...ALWAYS.filter((entry) => !entry.startsWith('statement_timeout')),
  'default_transaction_read_only=on',
  'default_transaction_isolation=repeatable read',
  'statement_timeout=120s',
];

describe('the defaults of a service’s roles', () => {
  /** What a server with these rows is told to change, as one text. */
  async function changed(kind: RuntimeRole, rows: readonly Row[]): Promise<string[]> {
    const sent: string[] = [];
    const query = async (text: string, values?: unknown): Promise<{ rows: readonly Row[] }> => {
      if (!values) sent.push(text);
      return { rows };
    };
    const quoted = (with_: string) => (text: string) => `${with_}${text}${with_}`;
    const client = { query, database: 'here', escapeIdentifier: quoted('"'), escapeLiteral: quoted("'") };
    await giveRoleDefaults(client as unknown as pg.Client, 'leads', kind);
    return sent.flatMap((text) => text.split('; '));
  }
  const given = (kind: RuntimeRole, entries: readonly string[]): string[] => [
    `alter role leads_${kind} in database "here" reset all`,
    `alter role leads_${kind} reset all`,
    ...entries.map((entry) => `alter role leads_${kind} set ${entry.replace(/=(.*)/, " to '$1'")}`),
  ];
  const of = (kind: string, entries: readonly string[], here = false): Row => ({
    role: `leads_${kind}`,
    here,
    tooLarge: false,
    entries,
  });

  it('are bounds of time and no names but the catalog’s; who reads all of a vault only reads, at one instant', async () => {
    expect(await changed('app', [none('leads_app')])).toEqual(given('app', ALWAYS));
    expect(await changed('relay', [none('leads_relay')])).toEqual(given('relay', ALWAYS));
    const checker = await changed('checker', [none('leads_checker')]);
    expect(checker.slice(0, 2)).toEqual(given('checker', []));
    expect(checker.toSorted()).toEqual(given('checker', OF_THE_CHECKER).toSorted());
  });

  it('are left alone where they are so, and given anew where anything differs', async () => {
    expect(await changed('app', [of('app', ALWAYS)])).toEqual([]);
    expect(await changed('checker', [of('checker', OF_THE_CHECKER)])).toEqual([]);
    for (const rows of [
      [of('app', ALWAYS.slice(1))],
      [of('app', [...ALWAYS, 'work_mem=1GB'])],
      [of('app', ALWAYS), of('app', ['lock_timeout=0'], true)],
      [{ ...of('app', ALWAYS), tooLarge: true }],
    ])
      expect(await changed('app', rows)).toEqual(given('app', ALWAYS));
  });

  it('are told where they differ, by name and without their values', async () => {
    const rows = [
      of('app', ['lock_timeout=secret', ...ALWAYS.filter((entry) => !entry.startsWith('lock_timeout'))]),
      of('app', ['local_preload_libraries=secret'], true),
      { ...of('relay', ALWAYS), tooLarge: true },
    ];
    const asked = { query: async () => ({ rows }) } as unknown as pg.Client;
    expect(await roleDefaultFindings(asked, 'leads')).toEqual([
      'leads_app has a default for lock_timeout of its own',
      'leads_app has a default for local_preload_libraries in this database',
      'leads_relay has defaults that are too large to be looked at',
    ]);
  });
});
