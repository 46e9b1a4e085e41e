create or replace function billing_stars.cap_layers()
returns table (place int, layer text, of_agent boolean, of_person boolean, of_day boolean, standard bigint)
language sql
immutable
as $$
  select
    l.place,
    l.layer,
    strpos(l.subject, m.agent::text) > 0,
    strpos(l.subject, m.person::text) > 0,
    l.starts = m.today,
    l.standard
  from
    (
      select
        uuid '00000000-0000-0000-0000-000000000001' as agent,
        uuid '00000000-0000-0000-0000-000000000002' as person,
        date '2000-01-01' as period,
        date '2000-01-02' as today
    ) m,
    billing_stars.layers_of(m.agent, m.person, m.period, m.today) l
$$;

comment on function billing_stars.cap_layers is
  'The layers of caps, in the order they are asked, as layers_of has them for an action that is made up: whether each '
  'agent has one of its own, or each person with an agent, whether it is for a day or for a month, and its standard.';

revoke all on function billing_stars.cap_layers from public;
grant execute on function billing_stars.cap_layers to billing_stars_app;
