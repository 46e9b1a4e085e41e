-- A second factor that waits to be confirmed waits for so long and takes so many codes: who holds somebody's session guesses
-- no first code of one that was begun and forgotten. One that waits now is begun anew.

alter table identity.accounts add column pending_factor_until timestamptz(3) null, add column pending_factor_tries int not null default 0,
  add column pending_factor_try uuid null;

drop function identity.begin_factor(uuid, uuid);

create function identity.begin_factor(person uuid, factor uuid, until timestamptz) returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  update identity.accounts a
    set pending_factor_id = factor, pending_factor_until = until, pending_factor_tries = 0, pending_factor_try = null
    where a.user_id = person;
end $$;
revoke all on function identity.begin_factor from public;
grant execute on function identity.begin_factor to identity_app;

create function identity.try_factor(person uuid, attempt uuid, moment timestamptz, most integer) returns table (tries integer) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query update identity.accounts a
    set pending_factor_tries = a.pending_factor_tries + case when a.pending_factor_try = attempt then 0 else 1 end,
      pending_factor_try = attempt
    where a.user_id = person and a.pending_factor_id is not null and a.pending_factor_until > moment
      and (a.pending_factor_tries < most or a.pending_factor_try = attempt)
    returning a.pending_factor_tries;
end $$;
revoke all on function identity.try_factor from public;
grant execute on function identity.try_factor to identity_app;
