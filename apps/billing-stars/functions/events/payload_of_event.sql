create or replace function billing_stars.payload_of_event(told text, org uuid, subject uuid, payload text)
returns text
language sql
immutable
as $$
  select payload
$$;

comment on function billing_stars.payload_of_event is
  'What is told of an event: what the service says.';

revoke all on function billing_stars.payload_of_event from public;
