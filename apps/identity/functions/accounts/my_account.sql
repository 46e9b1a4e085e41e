create or replace function identity.my_account()
returns table (email text, operator boolean, second_factor boolean, factor_step bigint, password_digest text)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select a.email, a.operator, a.second_factor, a.factor_step, a.password_digest
  from identity.accounts a
  where a.user_id = tenancy.self_id();
end
$$;

comment on function identity.my_account is
  'The directory’s row of the acting person, as far as signing in asks for it.';

revoke all on function identity.my_account from public;
grant execute on function identity.my_account to identity_app;
