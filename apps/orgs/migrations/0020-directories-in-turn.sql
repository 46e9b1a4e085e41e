-- What people of other organizations are told of an organization can be told, whatever SQL wrote it, and one with many changes of
-- access crowds out no other's.

alter table orgs.organizations add constraint organizations_told check (length(name) between 1 and 200 and name !~ '[\u0001-\u001f\u007f-\u009f]' and slug ~ '^[a-z0-9-]{1,40}$');

create or replace function orgs.access_changes(mark text)
returns table (next_mark text, org_id uuid, user_id uuid) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select pg_snapshot_xmin(pg_current_snapshot())::text, d.org_id, d.user_id from (values (1)) as always
    left join lateral (select distinct r.org_id, case when r.changes <= 100 then r.user_id end as user_id
      from (select c.org_id, c.user_id, count(*) over (partition by c.org_id) as changes from orgs.access_changes c where c.changed_in >= mark::bigint) r
      limit 1001) d on true;
end
$$;
