create or replace function billing_stars.find_due_wallets(without uuid[] default '{}')
returns table (org_id uuid)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  select d.org_id
  from billing_stars.wallet_watch d
  where d.due_at <= billing_stars.clock() and d.org_id <> all(without)
  order by d.due_at
  limit 100;
end
$$;

comment on function billing_stars.find_due_wallets is
  'Organizations whose wallets need somebody. Ids only, and for nobody’s organization: under an organization’s '
  'tag it raises 42501.';

revoke all on function billing_stars.find_due_wallets from public;
grant execute on function billing_stars.find_due_wallets to billing_stars_app;
