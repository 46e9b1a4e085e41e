-- Whoever leaves with more leads than one transaction takes is released of them by a job, a few in each step: until then the row of
-- the member stays, since its leads refer to it, says that they left, and makes them the owner of nothing new.

alter table leads.members add column "left_at" timestamptz(3) null, add column "released" int not null default 0, add column "is_back" boolean not null default false;
create index members_leaving on leads.members (org_id, left_at) where left_at is not null;
grant update (left_at, released, is_back) on leads.members to leads_app;

create function leads.owner_stays() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.owner_id is not distinct from old.owner_id then
    return new;
  end if;
  if exists (select from leads.members m where m.org_id = new.org_id and m.id = new.owner_id and m.left_at is not null) then
    raise exception 'whoever left owns nothing new' using errcode = '23503', constraint = 'leads_owner';
  end if;
  return new;
end $$;
revoke all on function leads.owner_stays from public;
create trigger leads_owner_stays before insert or update of owner_id on leads.leads for each row when (new.owner_id is not null) execute function leads.owner_stays();
