const nameOf = (signature: string): string => signature.slice(0, signature.indexOf('('));

const ownedBy = (signature: string, returns: string, volatility: string, body: string): string =>
  `create function orgs.${signature}
returns ${returns} language plpgsql ${volatility} security definer set search_path = pg_catalog, pg_temp as $$
${body}
$$;
revoke all on function orgs.${nameOf(signature)} from public;`;

/** A function that runs as the schema's owner, whom no runtime role can become, and that the runtime role may call. */
export const entryPointFor = (signature: string, returns: string, volatility: string, body: string): string =>
  `${ownedBy(signature, returns, volatility, body)}
grant execute on function orgs.${nameOf(signature)} to orgs_app;`;

/** A step that only the schema's owner takes, in functions of its own. */
export const stepFor = ownedBy;

/** What follows, as the schema's owner, from every row of a table that is written, whatever statement wrote it. */
export const follower = (table: string, events: string, body: string): string =>
  `${ownedBy(`follow_${table}()`, 'trigger', 'volatile', body)}
create trigger follow_${table} after ${events} on orgs.${table} for each row execute function orgs.follow_${table}();`;
