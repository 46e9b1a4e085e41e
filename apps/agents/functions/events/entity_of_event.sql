create or replace function agents.entity_of_event(told text)
returns text
language sql
immutable
as $$
  select case told
    when 'agents.cap.said.v1' then 'cap'
    when 'agents.persona.changed.v1' then 'persona'
    when 'agents.persona.created.v1' then 'persona'
  end
$$;

comment on function agents.entity_of_event is
  'What each type of the service’s events is told of, as the contracts have it; null for any other.';

revoke all on function agents.entity_of_event from public;
