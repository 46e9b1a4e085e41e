const check = /^alter table billing_stars\.\w+ add constraint \w+ check /;

/** A rule of a table beyond its columns: a check. */
export function constraint(table: string, name: string, rule: string): string {
  const text = `alter table billing_stars.${table} add constraint ${name} ${rule};`;
  if (!check.test(text)) throw new Error(`${name} is no check`);
  return text;
}
