create or replace function billing_stars.takes_event(source text, entity text)
returns boolean
language sql
immutable
as $$
  select (source, entity) in (('agents', 'cap'), ('orgs', 'org'), ('orgs', 'standing'))
$$;

comment on function billing_stars.takes_event is
  'Whether the service takes events of such things, as the contracts have it.';

revoke all on function billing_stars.takes_event from public;
