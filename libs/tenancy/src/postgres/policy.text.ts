/** What keys a row to its owner; decides the policies of a table. */
export type TableKind = 'org' | 'org-personal' | 'person' | 'platform' | 'global' | 'outbox' | 'vault';

/** One policy of a table. */
export interface PolicyText {
  readonly name: string;
  readonly type: 'restrictive' | 'permissive';
  readonly command: 'all' | 'select';
  /** The one role it is for; every role when absent. */
  readonly role?: string;
  /** Which rows are there at all. */
  readonly using: string;
  /** Which rows may be written; nothing where none may. */
  readonly check?: string;
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
 * A column that has to equal a claim of the session: an SQL expression of type uuid that raises 42501 where it carries
 * none.
 */
type Belonging = readonly [column: string, claim: string];

/** What a policy demands of the rows that are there, and of those that are written. */
interface Demand {
  readonly using: string;
  readonly check: string;
}

/**
 * Columns compared with what the session's verified tag claims, twice. `===` is `uuid_eq` at a planner cost of -1, in a
 * schema that no runtime role may name: PostgreSQL orders the conditions of a scan by cost, nothing an asker can write
 * costs less than nothing, so no condition of the asker is evaluated on a foreign row, and neither error, plan nor time
 * tells about one. `=` is what an index can be searched by: without it, an index would be searched by the asker's
 * conditions. `(select …)` makes Postgres ask for the claim once per statement; without it the cost would be positive.
 * A row that is written has no conditions beside the policy's: it is compared once.
 */
function demand(...belongings: Belonging[]): Demand {
  const asked = ([column, claim]: Belonging): string => `${column} = (select ${claim})`;
  const first = ([column, claim]: Belonging): string => `${column} operator(tenancy_hidden.===) (select ${claim})`;
  return {
    using: belongings.flatMap((each) => [first(each), asked(each)]).join(' and '),
    check: belongings.map(asked).join(' and '),
  };
}

const OF_ORG: Belonging = ['org_id', 'tenancy.org_id()'];
const ORG = demand(OF_ORG);
/** What an owner's function has entered; see `tenancy.enter()`. */
const ENTERED = demand(['org_id', "current_setting('tenancy.entered')::uuid"]);

const DEMANDS: Readonly<Record<'org' | 'org-personal' | 'person' | 'platform', Demand>> = {
  org: ORG,
  'org-personal': demand(OF_ORG, ['user_id', 'tenancy.actor_id()']),
  // Not actor_id(): under an organization's tag, what a person does elsewhere is nobody's to read.
  person: demand(['user_id', 'tenancy.self_id()']),
  platform: demand(['realm', 'tenancy.realm()']),
};

/**
 * The same demand twice: the restrictive one keeps holding when somebody adds another permissive policy, the permissive
 * one is what lets rows through at all. Being equal, they are one condition to the planner.
 */
function pair(demanded: Demand, role?: string): PolicyText[] {
  return (['restrictive', 'permissive'] as const).map((type) => ({
    name: role ? `tenancy_${type}_${role}` : `tenancy_${type}`,
    type,
    command: 'all',
    ...(role && { role }),
    ...demanded,
  }));
}

function all(role: string, command: PolicyText['command']): PolicyText {
  const check = command === 'all' ? { check: 'true' } : {};
  return { name: `tenancy_permissive_${role}`, type: 'permissive', command, role, using: 'true', ...check };
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
      return pair(DEMANDS[kind]);
  }
}
