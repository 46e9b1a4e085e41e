-- What the directories say of an organization and its members follows from its own rows by triggers, whatever statement
-- writes them; how it stands is decided under the platform's tag, and its own row follows from there.

alter table orgs.slugs add column status_reason text null;

drop function orgs.publish_org();
drop function orgs.publish_seat(uuid);
drop function orgs.close_org();
drop function orgs.set_org_status(text, text);
drop function orgs.delete_org(timestamptz, timestamptz);

create function orgs.decide_standing(of_org uuid, becomes text, why text)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  update orgs.slugs d set status = becomes, status_reason = why
    where d.org_id = of_org and d.status <> 'deleted' and becomes in ('active', 'suspended');
end
$$;
revoke all on function orgs.decide_standing from public;
grant execute on function orgs.decide_standing to orgs_app;

create function orgs.follow_standing()
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  update orgs.organizations o set status = d.status, status_reason = d.status_reason, version = least(o.version, 1999999999) + 1
    from orgs.slugs d where d.org_id = org and o.org_id = org and o.id = org and o.status <> d.status;
end
$$;
revoke all on function orgs.follow_standing from public;
grant execute on function orgs.follow_standing to orgs_app;

create function orgs.delete_org(at timestamptz, until timestamptz)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  update orgs.slugs d set status = 'deleted' where d.org_id = org and d.status = 'active';
  if found then
    update orgs.organizations o set status = 'deleted', deleted_at = at, purge_after = until, version = least(o.version, 1999999999) + 1
      where o.org_id = org and o.id = org;
    delete from orgs.seats d where d.org_id = org;
    update orgs.invitation_links d set closed = true where d.org_id = org;
  end if;
end
$$;
revoke all on function orgs.delete_org from public;
grant execute on function orgs.delete_org to orgs_app;

create function orgs.follow_organizations()
returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into orgs.slugs (slug, org_id, status, mfa_required) values (new.slug, new.org_id, new.status, new.mfa_required);
  elsif new.slug <> old.slug then
    raise exception 'a slug is kept for good' using errcode = '42501';
  else
    update orgs.slugs d set mfa_required = new.mfa_required where d.org_id = new.org_id;
  end if;
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), new.org_id, null, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' limit 100 for update skip locked);
  return null;
end
$$;
revoke all on function orgs.follow_organizations from public;
create trigger follow_organizations after insert or update on orgs.organizations for each row execute function orgs.follow_organizations();

create function orgs.follow_members()
returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    delete from orgs.seats d where d.org_id = old.org_id and d.user_id = old.id;
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), old.org_id, old.id, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' limit 100 for update skip locked);
  end if;
  if tg_op <> 'DELETE' then
    insert into orgs.seats (user_id, slug, org_id, role, version)
      select new.id, s.slug, new.org_id, new.role, new.version
      from (select d.slug from orgs.slugs d where d.org_id = new.org_id and d.status <> 'deleted' for share) s;
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), new.org_id, new.id, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' limit 100 for update skip locked);
  end if;
  return null;
end
$$;
revoke all on function orgs.follow_members from public;
create trigger follow_members after insert or update or delete on orgs.members for each row execute function orgs.follow_members();
