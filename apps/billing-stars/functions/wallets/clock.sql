create or replace function billing_stars.clock()
returns timestamptz
language sql
as $$
  select clock_timestamp()
$$;

comment on function billing_stars.clock is
  'The one clock of all functions, in a function of its own so that a spec can stop it; the runtime role '
  'cannot.';

revoke all on function billing_stars.clock from public;
grant execute on function billing_stars.clock to billing_stars_app;
