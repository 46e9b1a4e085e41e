create or replace function billing_stars.unnamed(actor text)
returns text
language sql
immutable
as $$
  select case when actor ~ '^[0-9a-f]{8}-' then 'purged' else actor end
$$;

comment on function billing_stars.unnamed is
  'Who acted, where that was a service; of a person, that it was one whose organization is gone.';

revoke all on function billing_stars.unnamed from public;
