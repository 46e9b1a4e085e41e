const ownKeys = /^alter table billing_stars\.\w+ add constraint \w+ (?:check|foreign key) /;

/** A rule of a table beyond its columns: a check, or a foreign key whose columns start with `org_id`. */
export function constraint(table: string, name: string, rule: string): string {
  const text = `alter table billing_stars.${table} add constraint ${name} ${rule};`;
  if (!ownKeys.test(text)) throw new Error(`${name} is neither a check nor a foreign key`);
  return text;
}
