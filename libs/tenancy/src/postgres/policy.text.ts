/** What keys a row to its owner; decides the policies of a table. */
export type TableKind = 'org' | 'org-personal' | 'person' | 'platform' | 'global' | 'outbox' | 'vault';

/** One policy of a table. */
export interface PolicyText {
  readonly name: string;
  readonly type: 'restrictive' | 'permissive';
  readonly command: 'all' | 'select';
  /** The one role it is for; every role when absent. */
  readonly role?: string;
  /** The text of USING, and of WITH CHECK where rows may be written. */
  readonly text: string;
}

/** The one key of all platform rows, which is no secret: `tenancy.realm()` gives it under the platform's tag alone. */
export const PLATFORM_REALM = '00000000-0000-4000-8000-706c6174666f';

/** The column that every index of a table which a runtime role may touch begins with. */
export const KEY_COLUMN: Readonly<Record<Exclude<TableKind, 'global'>, string>> = {
  org: 'org_id',
  'org-personal': 'org_id',
  person: 'user_id',
  platform: 'realm',
  outbox: 'org_id',
  vault: 'org_id',
};

/**
 * A column compared with the session's verified claim, twice. `===` is `uuid_eq` at a planner cost of -1, in a schema
 * that no runtime role may name: PostgreSQL orders the conditions of a scan by cost, nothing an asker can write costs
 * less than nothing, so no condition of the asker is evaluated on a foreign row, and neither error, plan nor time tells
 * about one. `=` is what an index can be searched by: without it, an index would be searched by the asker's conditions.
 * `(select …)` makes Postgres ask for the claim once per statement; without it the cost would be positive.
 *
 * @param claim an SQL expression of type uuid that raises 42501 where the session carries no such claim
 */
function belongs(column: string, claim: string): string {
  return `${column} operator(tenancy_hidden.===) (select ${claim}) and ${column} = (select ${claim})`;
}

const ORG = belongs('org_id', 'tenancy.org_id()');
/** What an owner's function has entered; see `tenancy.enter()`. */
const ENTERED = belongs('org_id', "current_setting('tenancy.entered')::uuid");

const TEXT: Readonly<Record<'org' | 'org-personal' | 'person' | 'platform', string>> = {
  org: ORG,
  'org-personal': `${ORG} and ${belongs('user_id', 'tenancy.actor_id()')}`,
  // Not actor_id(): under an organization's tag, what a person does elsewhere is nobody's to read.
  person: belongs('user_id', 'tenancy.self_id()'),
  platform: belongs('realm', 'tenancy.realm()'),
};

/** The same text twice: the restrictive one keeps holding when somebody adds another permissive policy, the permissive
 * one is what lets rows through at all. Being equal, they are one condition to the planner. */
function pair(text: string, role?: string): PolicyText[] {
  return (['restrictive', 'permissive'] as const).map((type) => ({
    name: role ? `tenancy_${type}_${role}` : `tenancy_${type}`,
    type,
    command: 'all',
    ...(role && { role }),
    text,
  }));
}

function all(role: string, command: PolicyText['command']): PolicyText {
  return { name: `tenancy_permissive_${role}`, type: 'permissive', command, role, text: 'true' };
}

/**
 * The single source of every policy in the system. Policies only compare a row's own columns with the signed context;
 * they never look into another table.
 *
 * @param service the schema's name, which its roles begin with. A `global` table is its owner's alone, whose definer
 *   look-ups answer from it. An `outbox` is written and read by its owner's functions for one organization at a time,
 *   and by its relay, a role that no other can become and that has a grant on nothing else. A `vault` is read by the
 *   runtime role, written by its owner's functions, and read by its checker, a role that writes nothing
 */
export function policiesOf(kind: TableKind, service: string): PolicyText[] {
  switch (kind) {
    case 'global':
      return [all(`${service}_owner`, 'all')];
    case 'outbox':
      return [...pair(ENTERED, `${service}_owner`), all(`${service}_relay`, 'all')];
    case 'vault':
      return [
        ...pair(ORG, `${service}_app`),
        ...pair(ENTERED, `${service}_owner`),
        all(`${service}_checker`, 'select'),
      ];
    default:
      return pair(TEXT[kind]);
  }
}
