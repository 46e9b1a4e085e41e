create or replace function leads.takes_event(source text, entity text)
returns boolean
language sql
immutable
as $$
  select (source, entity) in (('orgs', 'member'))
$$;

comment on function leads.takes_event is
  'Whether the service takes events of such things, as the contracts have it.';

revoke all on function leads.takes_event from public;
