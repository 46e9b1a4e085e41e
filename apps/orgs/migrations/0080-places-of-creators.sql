-- How many organizations an account has created is bounded: each has a place of its account. Of organizations that are there, one
-- with a single Owner counts as that person's.

create table "orgs"."creations" ("user_id" uuid not null, "place" int not null, "org_id" uuid not null, "purge_after" timestamptz(3) null, primary key ("user_id", "place"));
alter table "orgs"."creations" add constraint "creations_org_id_unique" unique ("org_id");
alter table "orgs"."creations" enable row level security;
alter table "orgs"."creations" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."creations" to "orgs_owner" using (true) with check (true);

insert into orgs.creations (user_id, place, org_id)
  select o.user_id, row_number() over (partition by o.user_id order by o.org_id), o.org_id
  from (select (array_agg(s.user_id))[1] as user_id, s.org_id from orgs.seats s where s.role = 'owner' group by s.org_id having count(*) = 1) o;

create function orgs.take_place(most int)
returns table (taken boolean) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
  who uuid := tenancy.actor_id();
  free int;
begin
  loop
    select g.n into free from generate_series(1, least(most, 10000)) g (n)
      where not exists (select from orgs.creations c where c.user_id = who and c.place = g.n and (c.purge_after is null or c.purge_after > now()))
      order by g.n limit 1;
    exit when free is null or exists (select from orgs.slugs d where d.org_id = org) or exists (select from orgs.creations c where c.org_id = org);
    insert into orgs.creations as c (user_id, place, org_id) values (who, free, org)
      on conflict (user_id, place) do update set org_id = excluded.org_id, purge_after = null where c.purge_after <= now();
    if found then return query select true; return; end if;
  end loop;
end
$$;
revoke all on function orgs.take_place from public;
grant execute on function orgs.take_place to orgs_app;

create or replace function orgs.delete_org(until timestamptz)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  if until is null or until not between now() and now() + interval '1 year' then
    raise exception 'what is deleted is kept for a year at most' using errcode = '22023';
  end if;
  update orgs.slugs d set status = 'deleted' where d.org_id = org and orgs.stands(org, d.status) = 'active';
  if found then
    update orgs.organizations o set status = 'deleted', deleted_at = now(), purge_after = until, version = least(o.version, 1999999999) + 1
      where o.org_id = org and o.id = org;
    update orgs.creations c set purge_after = until where c.org_id = org;
    delete from orgs.seats d where d.org_id = org;
    update orgs.invitation_links d set closed = true where d.org_id = org;
  end if;
end
$$;
revoke all on function orgs.delete_org from public;
grant execute on function orgs.delete_org to orgs_app;
