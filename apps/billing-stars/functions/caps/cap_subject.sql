create or replace function billing_stars.cap_subject(for_layer text, agent uuid, person uuid)
returns text
language plpgsql
immutable
as $$
declare
  of_subject text;
begin
  select case when c.of_agent and agent is null then '*' else l.subject end
  into of_subject
  from billing_stars.cap_layers() c
  left join billing_stars.layers_of(agent, person, null, null) l on l.layer = c.layer
  where c.layer = for_layer
    and (c.of_agent or agent is null)
    and (c.of_person or person is null)
    and (not c.of_person or (agent is null) = (person is null));
  if not found then
    raise exception 'the layer is not about these' using errcode = '22023';
  end if;
  return of_subject;
end
$$;

comment on function billing_stars.cap_subject is
  'The subject a cap is for: one that its layer counts for, or * for all that have no cap of their own; an exception '
  'where layer and ids do not fit.';

revoke all on function billing_stars.cap_subject from public;
grant execute on function billing_stars.cap_subject to billing_stars_app;
