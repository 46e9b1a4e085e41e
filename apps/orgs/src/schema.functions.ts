/** A function that runs as the schema's owner, whom no runtime role can become, and that the runtime role may call. */
export const doorFor = (
  signature: string,
  returns: string,
  volatility: string,
  body: string,
): string => `create function orgs.${signature}
returns ${returns} language plpgsql ${volatility} security definer set search_path = pg_catalog, pg_temp as $$
${body}
$$;
revoke all on function orgs.${signature.slice(0, signature.indexOf('('))} from public;
grant execute on function orgs.${signature.slice(0, signature.indexOf('('))} to orgs_app;`;
