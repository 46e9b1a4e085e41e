/**
 * The text of a function: `signature` is its name with its parameters, `body` what stands between `begin` and `end`.
 */
type WriteFunction = (signature: string, returns: string, body: string) => string;

/**
 * Functions of a schema's owner that its runtime role, and nobody else, may call.
 *
 * @returns `define` for any; `ofOwn` for those that act for the organization of the tag, which is `org` in their body
 */
export function definerFunctions(schema: string): { define: WriteFunction; ofOwn: WriteFunction } {
  const declaring =
    (declared: string): WriteFunction =>
    (signature, returns, body) => {
      const name = `${schema}.${signature.slice(0, signature.indexOf('('))}`;
      return `create function ${schema}.${signature} returns ${returns} language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
${declared}begin
  ${body}
end $$;
revoke all on function ${name} from public;
grant execute on function ${name} to ${schema}_app;`;
    };
  return { define: declaring(''), ofOwn: declaring('declare\n  org uuid := tenancy.org_id();\n') };
}
