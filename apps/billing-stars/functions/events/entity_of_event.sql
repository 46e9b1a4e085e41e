create or replace function billing_stars.entity_of_event(told text)
returns text
language sql
immutable
as $$
  select case told
    when 'billing-stars.wallet.warned.v1' then 'wallet'
  end
$$;

comment on function billing_stars.entity_of_event is
  'What each type of the service’s events is told of, as the contracts have it; null for any other.';

revoke all on function billing_stars.entity_of_event from public;
