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
  'The layers an action counts against, in the order they are asked. Where nobody has said otherwise an agent '
  'may use so many Stars a day.';

revoke all on function billing_stars.layers_of from public;
