/** What is looked for in a table whose rows of all organizations somebody walks. */
export interface Round {
  /** With its schema; it has a column `org_id`, and an index that begins with it. */
  readonly table: string;
  /** Columns that are given. */
  readonly columns: readonly string[];
  /** Which rows, beside their organization, about `r`; all when left out. */
  readonly condition?: string;
  /** In which order an organization's rows come, about `r`. */
  readonly order: string;
  /** In which order all come, about `d`; `d.nth` counts those of an organization. */
  readonly overall: string;
  /** Rows that an organization gives at most, and those of all. */
  readonly share: number;
  readonly limit: number;
}

/**
 * The text of a query that goes round the organizations which have rows, and takes of each its first: none can fill
 * what is found.
 */
export function roundOrganizations({ table, columns, condition, order, overall, share, limit }: Round): string {
  return `with recursive present (id) as (
    (select r.org_id from ${table} r order by r.org_id limit 1)
    union all
    select (select r.org_id from ${table} r where r.org_id > o.id order by r.org_id limit 1) from present o where o.id is not null)
  select ${columns.map((column) => `d.${column}`).join(', ')} from present o cross join lateral (
    select r.*, row_number() over (order by ${order}) as nth from ${table} r
    where r.org_id = o.id${condition ? ` and ${condition}` : ''} order by ${order} limit ${share}) d
  order by ${overall} limit ${limit}`;
}
