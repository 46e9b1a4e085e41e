create or replace function leads.entity_of_event(told text)
returns text
language sql
immutable
as $$
  select case told
    when 'leads.import.finished.v1' then 'import'
    when 'leads.lead.changed.v1' then 'lead'
    when 'leads.lead.created.v1' then 'lead'
    when 'leads.lead.deleted.v1' then 'lead'
  end
$$;

comment on function leads.entity_of_event is
  'What each type of the service’s events is told of, as the contracts have it; null for any other.';

revoke all on function leads.entity_of_event from public;
