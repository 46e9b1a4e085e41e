create or replace function agents.takes_event(source text, entity text)
returns boolean
language sql
immutable
as $$
  select (source, entity) in (('orgs', 'org'))
$$;

comment on function agents.takes_event is
  'Whether the service takes events of such things, as the contracts have it.';

revoke all on function agents.takes_event from public;
