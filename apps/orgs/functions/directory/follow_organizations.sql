create or replace function orgs.follow_organizations()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    insert into orgs.slugs (slug, org_id, status, mfa_required)
    values (new.slug, new.org_id, new.status, new.mfa_required);
  elsif new.slug <> old.slug then
    raise exception 'a slug is kept for good' using errcode = '42501';
  elsif (new.status, new.mfa_required) is not distinct from (old.status, old.mfa_required) then
    return null;
  else
    update orgs.slugs d
    set mfa_required = new.mfa_required
    where d.org_id = new.org_id;
  end if;
  perform orgs.note_access_change(new.org_id, null);
  return null;
end
$$;

comment on function orgs.follow_organizations is
  'What the directory says of an organization follows from its row, whatever statement writes that. A slug is '
  'taken once, at creation, and never changes hands. How the organization stands is decided where it is found. '
  'What else is changed of an organization is nobody’s access.';

revoke all on function orgs.follow_organizations from public;

create or replace trigger follow_organizations
after insert or update on orgs.organizations
for each row
execute function orgs.follow_organizations();
