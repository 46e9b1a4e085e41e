-- No organization can fill a look for events that wait, nor hold up the comparison with their producers: the look goes round the
-- organizations, what it finds was noted for a letter that is there, and an inbox counts from 1.

create index blocked_entities_in_turn on billing_stars.blocked_entities (org_id, replay desc, since);
alter table billing_stars.inbox add constraint inbox_version check (version > 0);

create or replace function billing_stars.note_blocked(of_source text, of_entity text, of_id uuid) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into billing_stars.blocked_entities (org_id, source, entity, entity_id, since, replay)
    select d.org_id, d.source, d.entity, d.entity_id, clock_timestamp(), false from billing_stars.dead_letters d
    where d.org_id = (select tenancy.org_id()) and d.source = of_source and d.entity = of_entity and d.entity_id = of_id and (d.source, d.entity) in (('orgs', 'org')) limit 1
    on conflict do nothing;
end $$;

create or replace function billing_stars.blocked_entities() returns table (org_id uuid, source text, entity text, entity_id uuid, since timestamptz, replay boolean) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query with recursive present (id) as (
    (select r.org_id from billing_stars.blocked_entities r order by r.org_id limit 1)
    union all
    select (select r.org_id from billing_stars.blocked_entities r where r.org_id > o.id order by r.org_id limit 1) from present o where o.id is not null)
  select d.org_id, d.source, d.entity, d.entity_id, d.since, d.replay from present o cross join lateral (
    select r.*, row_number() over (order by r.replay desc, r.since) as nth from billing_stars.blocked_entities r
    where r.org_id = o.id order by r.replay desc, r.since limit 200) d
  order by d.replay desc, d.nth, d.since limit 2000;
end $$;
