create table "orgs"."access_changes" ("id" uuid not null, "org_id" uuid not null, "user_id" uuid null, "changed_in" bigint not null, "at" timestamptz not null, primary key ("id"));
create index "access_changes_changed_in_index" on "orgs"."access_changes" ("changed_in");
create index "access_changes_at_index" on "orgs"."access_changes" ("at");

alter table "orgs"."access_changes" enable row level security;
alter table "orgs"."access_changes" force row level security;
create policy "tenancy_restrictive" on "orgs"."access_changes" as restrictive using (current_user = 'orgs_owner') with check (current_user = 'orgs_owner');
create policy "tenancy_permissive" on "orgs"."access_changes" using (current_user = 'orgs_owner') with check (current_user = 'orgs_owner');

create function orgs.access_changes(mark text)
returns table (next_mark text, org_id uuid, user_id uuid) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select pg_snapshot_xmin(pg_current_snapshot())::text, d.org_id, d.user_id from (values (1)) as always
    left join lateral (select c.org_id, c.user_id from orgs.access_changes c where c.changed_in >= mark::bigint limit 1001) d on true;
end
$$;
revoke all on function orgs.access_changes from public;
grant execute on function orgs.access_changes to orgs_app;

create or replace function orgs.publish_org()
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  update orgs.slugs d set status = o.status, mfa_required = o.mfa_required
    from orgs.organizations o where o.org_id = org and o.id = org and d.org_id = org;
  if not found then
    insert into orgs.slugs (slug, org_id, status, mfa_required)
      select o.slug, org, o.status, o.mfa_required from orgs.organizations o where o.org_id = org and o.id = org;
  end if;
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), org, null, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' limit 100 for update skip locked);
end
$$;

create or replace function orgs.publish_seat(person uuid)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  delete from orgs.seats d where d.org_id = org and d.user_id = person
    and not exists (select from orgs.members m where m.org_id = org and m.id = person);
  insert into orgs.seats (user_id, slug, org_id, role, version)
    select m.id, s.slug, org, m.role, m.version from orgs.members m, orgs.slugs s
    where m.org_id = org and m.id = person and s.org_id = org
  on conflict (user_id, slug) do update set role = excluded.role, version = excluded.version;
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), org, person, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' limit 100 for update skip locked);
end
$$;

create or replace function orgs.close_org()
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  delete from orgs.seats d where d.org_id = org;
  delete from orgs.invitation_links d where d.org_id = org;
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), org, null, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' limit 100 for update skip locked);
end
$$;
