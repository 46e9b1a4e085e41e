create or replace function billing_stars.layers_of(agent uuid, person uuid, period date, today date)
returns table (place int, layer text, subject text, starts date, standard bigint)
language sql
immutable
as $$
  select 1, 'org_month', 'org', period, null::bigint
  union all
  select 2, 'agent_day', agent::text, today, 1000
  union all
  select 3, 'user_agent_month', agent::text || '/' || person::text, period, null
  where person is not null
$$;

comment on function billing_stars.layers_of is
  'The layers an action counts against, in the order they are asked: for whom and from when on each counts it, and the '
  'Stars it allows where nobody has said otherwise (null: any number). Their one place: what else tells layers apart '
  'asks here, or cap_layers.';

revoke all on function billing_stars.layers_of from public;
grant execute on function billing_stars.layers_of to billing_stars_app;
