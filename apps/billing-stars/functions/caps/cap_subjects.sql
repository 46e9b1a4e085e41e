create or replace function billing_stars.cap_subjects(layers text[], agents uuid[], persons uuid[])
returns text[]
language sql
immutable
as $$
  select coalesce(array_agg(billing_stars.cap_subject(u.layer, u.agent, u.person) order by u.n), '{}')
  from unnest(layers, agents, persons) with ordinality as u (layer, agent, person, n)
$$;

comment on function billing_stars.cap_subjects is
  'The subjects that several caps are for, in their order; an exception where a layer and its ids do not fit.';

revoke all on function billing_stars.cap_subjects from public;
grant execute on function billing_stars.cap_subjects to billing_stars_app;
