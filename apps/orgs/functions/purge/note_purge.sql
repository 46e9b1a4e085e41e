create or replace function orgs.note_purge(by_service text, receipt jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.org_id();
begin
  perform tenancy.acting('system:orgs');
  if (by_service ~ '^[a-z]+(-[a-z]+)*$' and length(by_service) <= 40 and orgs.is_purge_receipt(receipt)) is not true
  then
    raise exception 'it is no receipt of a service' using errcode = '22023';
  end if;
  update orgs.purges p
  set parts = p.parts || jsonb_build_object(by_service, receipt), look_at = clock_timestamp() + interval '1 minute'
  where p.org_id = org
    and p.purged_at is null
    -- More services than there will be: what SQL makes up does not grow without an end.
    and (p.parts ? by_service or (select count(*) from jsonb_object_keys(p.parts)) < 50);
end
$$;

comment on function orgs.note_purge is
  'What a service has purged of the tag’s organization by now, in place of what it had before. Whoever is at it has '
  'another minute. It is a receipt, under a name that a service may have: operators read those of all organizations at '
  'once.';

revoke all on function orgs.note_purge from public;
grant execute on function orgs.note_purge to orgs_app;
