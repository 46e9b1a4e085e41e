create or replace function billing_stars.cap_subject(for_layer text, agent uuid, person uuid)
returns text
language plpgsql
immutable
as $$
begin
  if for_layer = 'org_month' and agent is null and person is null then
    return 'org';
  end if;
  if for_layer = 'agent_day' and person is null then
    return coalesce(agent::text, '*');
  end if;
  if for_layer = 'user_agent_month' and (agent is null) = (person is null) then
    return coalesce(agent::text || '/' || person::text, '*');
  end if;
  raise exception 'the layer is not about these' using errcode = '22023';
end
$$;

comment on function billing_stars.cap_subject is
  'The subject a cap is for; an exception where layer and ids do not fit.';

revoke all on function billing_stars.cap_subject from public;
