/** A reference between two tables of this service; both column lists start with `org_id`. */
export interface ForeignKey {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
  /** Take the row along when its target goes; refuse the removal of the target when absent. */
  readonly cascade?: boolean;
  /** Rows that were there before it keep what they refer to until they are changed. */
  readonly fromNowOn?: boolean;
}

/**
 * The statement that adds a foreign key.
 *
 * @throws Error when a column list is not led by `org_id`: the database follows foreign keys outside row-level security
 */
export function foreignKey({ name, table, columns, target, targetColumns, cascade, fromNowOn }: ForeignKey): string {
  if (columns[0] !== 'org_id' || targetColumns[0] !== 'org_id') throw new Error(`${name} must be led by org_id`);
  const rule = `${cascade ? ' on delete cascade' : ''}${fromNowOn ? ' not valid' : ''}`;
  return `alter table leads.${table} add constraint ${name} foreign key (${columns.join(', ')}) references leads.${target} (${targetColumns.join(', ')})${rule};`;
}
