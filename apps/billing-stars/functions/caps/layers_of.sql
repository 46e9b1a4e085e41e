create or replace function billing_stars.layers_of(agent uuid, person uuid, period date, today date)
returns table (place int, layer text, subject text, starts date, standard bigint)
language sql
immutable
as $$
  select
    c.place,
    c.layer,
    case
      when c.of_person then agent::text || '/' || person::text
      when c.of_agent then agent::text
      else 'org'
    end,
    case when c.of_day then today else period end,
    c.standard
  from billing_stars.cap_layers() c
  where person is not null or not c.of_person
$$;

comment on function billing_stars.layers_of is
  'The layers an action counts against, in the order they are asked: for whom and from when on each of them counts '
  'it, and its standard.';

revoke all on function billing_stars.layers_of from public;
grant execute on function billing_stars.layers_of to billing_stars_app;
