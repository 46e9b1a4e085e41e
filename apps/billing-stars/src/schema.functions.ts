const nameOf = (signature: string): string => signature.slice(0, signature.indexOf('('));

const withRights = (name: string, definition: string, grant: boolean): string => `${definition}
revoke all on function billing_stars.${name} from public;${grant ? `\ngrant execute on function billing_stars.${name} to billing_stars_app;` : ''}`;

/**
 * A function the runtime role may call. It runs as the schema's owner, who is bound by the same policies; the
 * organization is the tag's, so nobody can name another one.
 */
export const door = (signature: string, returns: string, body: string): string =>
  withRights(nameOf(signature), `create function billing_stars.${signature}
returns ${returns} language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
${body}
$$;`, true);

/** A step that only the doors take: no runtime role may call it, and it has no rights beyond its caller's. */
export const step = (signature: string, returns: string, body: string): string =>
  withRights(nameOf(signature), `create function billing_stars.${signature}
returns ${returns} language plpgsql as $$
${body}
$$;`, false);

/** The most Stars that one grant, reservation or settlement may be about. Far below what a bigint's sum can overflow. */
export const MAX_STARS = 1_000_000_000;

const ownKeys = /^alter table billing_stars\.\w+ add constraint \w+ (?:check|foreign key) /;

/** A rule of a table beyond its columns: a check, or a foreign key whose columns start with `org_id`. */
export function constraint(table: string, name: string, rule: string): string {
  const text = `alter table billing_stars.${table} add constraint ${name} ${rule};`;
  if (!ownKeys.test(text)) throw new Error(`${name} is neither a check nor a foreign key`);
  return text;
}
