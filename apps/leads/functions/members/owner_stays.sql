create or replace function leads.owner_stays()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE' and new.owner_id is not distinct from old.owner_id then
    return new;
  end if;
  if exists (
    select from leads.members m
    where m.org_id = new.org_id and m.id = new.owner_id and m.left_at is not null
  ) then
    raise exception 'whoever left owns nothing new' using errcode = '23503', constraint = 'leads_owner';
  end if;
  return new;
end
$$;

comment on function leads.owner_stays is
  'Leads refer to whoever left with many of them until those are released: until then no lead becomes theirs, '
  'as if they were gone.';

revoke all on function leads.owner_stays from public;

create or replace trigger leads_owner_stays
before insert or update of owner_id on leads.leads
for each row
when (new.owner_id is not null)
execute function leads.owner_stays();
