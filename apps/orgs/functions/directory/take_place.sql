create or replace function orgs.take_place(most int)
returns table (taken boolean)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
  who uuid := tenancy.actor_id();
  free int;
begin
  loop
    select g.n
    into free
    from generate_series(1, least(most, 10000)) g (n)
    where not exists (
      select from orgs.creations c
      where c.user_id = who and c.place = g.n
    )
    order by g.n
    limit 1;
    exit when free is null
      or exists (select from orgs.slugs d where d.org_id = org)
      or exists (select from orgs.creations c where c.org_id = org);
    insert into orgs.creations (user_id, place, org_id)
    values (who, free, org)
    on conflict (user_id, place) do nothing;
    if found then
      return query select true;
      return;
    end if;
  end loop;
end
$$;

comment on function orgs.take_place is
  'A place among those that an account may create, for an organization that is about to be, and for who is '
  'acting. Two at once want the same place: one of them looks again. No row where none is free.';

revoke all on function orgs.take_place from public;
grant execute on function orgs.take_place to orgs_app;
