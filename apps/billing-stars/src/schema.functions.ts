import { billingStarsMessages } from '@apollo/contracts';

/**
 * What the Stars of a wallet's month are called. A day joined to a text would be written as the caller's DateStyle
 * says.
 */
export const OF_MONTH = "'plan:' || to_char(w.period, 'YYYY-MM-DD')";

const nameOf = (signature: string): string => signature.slice(0, signature.indexOf('('));

const withRights = (name: string, definition: string, grant: boolean): string => `${definition}
revoke all on function billing_stars.${name} from public;${grant ? `\ngrant execute on function billing_stars.${name} to billing_stars_app;` : ''}`;

const definer = (signature: string, returns: string, body: string): string =>
  withRights(
    nameOf(signature),
    `create function billing_stars.${signature}
returns ${returns} language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
${body}
$$;`,
    true,
  );

/** How every entry point begins: by the organization of the signed tag. */
const ENTER = `declare
  org uuid := tenancy.enter();
begin`;

/** How what only the platform may do begins: by its own tag, for the organization it names. */
const ENTER_AS_PLATFORM = `declare
  org uuid := tenancy.enter_as_platform(for_org);
begin`;

/** Whoever is written down is who the tag says is acting. */
const WHO = '\n  by_actor := tenancy.acting(by_actor);';

const entering = (enter: string, signature: string, returns: string, body: string): string =>
  definer(
    signature,
    returns,
    `${enter}${/\bby_actor text\b/.test(signature) ? WHO : ''}
${body};
end`,
  );

/**
 * A function the runtime role may call. It runs as the schema's owner and enters the organization of the signed tag
 * before anything else, so nobody can name another one: the policies of all it reads and writes compare with that. The
 * organization's id is `org` to the body.
 */
export const entryPoint = (signature: string, returns: string, body: string): string =>
  entering(ENTER, signature, returns, body);

/**
 * As `entryPoint`, for what brings Stars in or takes them back: no organization may do that with its own tag, whatever
 * SQL runs under it. The first parameter is `for_org uuid`.
 */
export const platformEntryPoint = (signature: string, returns: string, body: string): string =>
  entering(ENTER_AS_PLATFORM, signature, returns, body);

/** What follows an organization as orgs tells of it: nothing that somebody of the organization may do. */
export const AS_ORGS_TELLS = "perform tenancy.acting('system:orgs')";

/**
 * A look-up in the directories that replicas, providers and operators begin with: only under the platform's own scope,
 * and no organization's money.
 */
export const directory = (signature: string, returns: string, query: string): string =>
  definer(
    signature,
    returns,
    `begin
  perform tenancy.is_platform();
  return query ${query};
end`,
  );

/** A step that only entry points take: no runtime role may call it, and it has no rights beyond its caller's. */
export const step = (signature: string, returns: string, body: string): string =>
  withRights(
    nameOf(signature),
    `create function billing_stars.${signature}
returns ${returns} language plpgsql as $$
${body}
$$;`,
    false,
  );

/**
 * The most Stars that one grant, reservation or settlement may be about. Far below what a bigint's sum can overflow.
 */
export const { MAX_STARS } = billingStarsMessages;

const ownKeys = /^alter table billing_stars\.\w+ add constraint \w+ (?:check|foreign key) /;

/** A rule of a table beyond its columns: a check, or a foreign key whose columns start with `org_id`. */
export function constraint(table: string, name: string, rule: string): string {
  const text = `alter table billing_stars.${table} add constraint ${name} ${rule};`;
  if (!ownKeys.test(text)) throw new Error(`${name} is neither a check nor a foreign key`);
  return text;
}
