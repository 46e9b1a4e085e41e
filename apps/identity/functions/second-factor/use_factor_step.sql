create or replace function identity.use_factor_step(person uuid, factor uuid, step bigint)
returns table (used boolean)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform tenancy.is_platform();
  return query
  update identity.accounts a
  set factor_step = step
  where a.user_id = person and a.factor_id = factor and (a.factor_step < step or a.factor_step is null)
  returning true;
end
$$;

comment on function identity.use_factor_step is
  'Uses a time step up, and all before it. No row where it was used already, or the factor is another one.';

revoke all on function identity.use_factor_step from public;
grant execute on function identity.use_factor_step to identity_app;
