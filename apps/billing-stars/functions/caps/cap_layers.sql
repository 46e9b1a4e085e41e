create or replace function billing_stars.cap_layers()
returns table (
  place int, layer text, of_agent boolean, of_person boolean, of_day boolean, standard bigint
)
language sql
immutable
as $$
  values
    (1, 'org_month', false, false, false, null::bigint),
    (2, 'agent_day', true, false, true, 1000::bigint),
    (3, 'user_agent_month', true, true, false, null::bigint)
$$;

comment on function billing_stars.cap_layers is
  'The layers of caps, in the order they are asked: whether each agent has one of its own, or each person with an '
  'agent, whether it is for a day or a month, and the Stars it allows where nobody has said otherwise (null: any '
  'number). Their one place: what else tells layers apart asks here.';

revoke all on function billing_stars.cap_layers from public;
grant execute on function billing_stars.cap_layers to billing_stars_app;
