create or replace function orgs.entity_of_event(told text)
returns text
language sql
immutable
as $$
  select case told
    when 'orgs.member.changed.v1' then 'member'
    when 'orgs.member.gone.v1' then 'member'
    when 'orgs.member.joined.v1' then 'member'
    when 'orgs.org.changed.v1' then 'org'
    when 'orgs.org.created.v1' then 'org'
    when 'orgs.org.deleted.v1' then 'org'
    when 'orgs.standing.decided.v1' then 'standing'
  end
$$;

comment on function orgs.entity_of_event is
  'What each type of the service’s events is told of, as the contracts have it; null for any other.';

revoke all on function orgs.entity_of_event from public;
