create or replace function orgs.payload_of_event(told text, org uuid, subject uuid, payload text)
returns text
language plpgsql
as $$
begin
  if told in ('orgs.org.created.v1', 'orgs.org.changed.v1') then
    payload := (
      select jsonb_build_object(
        'slug', o.slug, 'time_zone', o.time_zone, 'currency', o.currency, 'status', orgs.stands(org, o.status)
      )::text
      from orgs.organizations o
      where o.org_id = org and o.id = org and subject = org and o.status <> 'deleted'
      for update
    );
  elsif told = 'orgs.org.deleted.v1' then
    -- Written with the deletion itself, and by nobody else: replicas of the release before tell it once more with it.
    payload := (
      select jsonb_build_object(
        'purge_after', to_char(o.purge_after at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      )::text
      from orgs.organizations o
      where o.org_id = org and o.id = org and subject = org and o.status = 'deleted'
        and not exists (
          select from orgs.outbox e
          where e.org_id = org
            and e.entity = 'org'
            and e.entity_id = org
            and e.type = told
            and e.written_in <> pg_current_xact_id()::text::bigint
        )
      for update
    );
  elsif told = 'orgs.standing.decided.v1' then
    -- Written with the decision itself, and by nobody else.
    payload := null;
  else
    return payload;
  end if;
  if payload is null then
    raise exception 'the event is not true' using errcode = '22023';
  end if;
  return payload;
end
$$;

comment on function orgs.payload_of_event is
  'What other services are told of an organization is what its row says, whatever SQL tells it; the row that is '
  'read is locked, so it is told in the order in which it came to say so. What else is told is what the service says.';

revoke all on function orgs.payload_of_event from public;
