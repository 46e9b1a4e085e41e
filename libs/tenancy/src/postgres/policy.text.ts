/** What keys a row to its owner; decides the one policy text of a table. */
export type TableKind = 'org' | 'org-personal' | 'person' | 'platform' | 'global' | 'outbox' | 'vault';

/**
 * The single source of every policy in the system. Policies only compare a row's own columns with the signed
 * context; they never look into another table. `(select …)` makes Postgres evaluate the check once per statement.
 *
 * @param service the schema's name; only three texts depend on it: `global` tables carry no grant to any runtime role and
 *   are reachable through the definer look-ups of their owner alone; an `outbox` is read by its relay, a role that no
 *   other can become and that has a grant on nothing else; a `vault` is written by its owner's functions, each of which
 *   begins with `tenancy.enter()`: the tag is verified there once, not again by every statement of the function. Its
 *   checker, a role that no other can become, reads all of it and may write nothing
 */
export function policyText(kind: TableKind, service: string): string {
  switch (kind) {
    case 'org':
      return 'org_id = (select tenancy.org_id())';
    case 'org-personal':
      return 'org_id = (select tenancy.org_id()) and user_id = (select tenancy.actor_id())';
    case 'person':
      // Not actor_id(): under an organization's tag, what a person does elsewhere is nobody's to read.
      return 'user_id = (select tenancy.self_id())';
    case 'platform':
      return '(select tenancy.is_platform())';
    case 'global':
      return `current_user = '${service}_owner'`;
    case 'outbox':
      return `case when current_user = '${service}_relay' then true else ${orgUnless(`${service}_relay`)} end`;
    case 'vault':
      return `case current_user when '${service}_owner' then org_id = current_setting('tenancy.entered')::uuid when '${service}_checker' then true else ${orgUnless(`${service}_owner`, `${service}_checker`)} end`;
  }
}

/**
 * The comparison with the tag for everybody but these roles. They must not be asked for a tag in it either, although they
 * never get there: where a row that is to be locked was changed meanwhile, Postgres evaluates all of a plan's `(select …)`
 * before it looks at the row again.
 */
function orgUnless(...roles: readonly string[]): string {
  return `org_id = (select case when current_user in (${roles.map((role) => `'${role}'`).join(', ')}) then null else tenancy.org_id() end)`;
}
