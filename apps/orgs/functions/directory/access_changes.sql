create or replace function orgs.access_changes(mark text)
returns table (next_mark text, org_id uuid, user_id uuid)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  settled text;
begin
  perform tenancy.is_platform();
  settled := tenancy.settled_before()::text;
  return query
  select settled, d.org_id, d.user_id
  from (values (1)) as always
  left join lateral (
    select distinct r.org_id, case when r.changes <= 100 then r.user_id end as user_id
    from (
      select c.org_id, c.user_id, count(*) over (partition by c.org_id) as changes
      from orgs.access_changes c
      where c.changed_in >= mark::bigint
    ) r
    limit 1001
  ) d on true;
end
$$;

comment on function orgs.access_changes is
  'Whose access changed since the mark, which is the oldest transaction of the service that was still open '
  'then: all before it are seen, all others are looked at again next time. Of an organization with many changes '
  'it is told that everybody’s changed, so that none can crowd out another’s.';

revoke all on function orgs.access_changes from public;
grant execute on function orgs.access_changes to orgs_app;
