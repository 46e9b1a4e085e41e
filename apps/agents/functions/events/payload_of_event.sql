create or replace function agents.payload_of_event(told text, org uuid, subject uuid, payload text)
returns text
language plpgsql
as $$
begin
  if told <> 'agents.cap.said.v1' then
    return payload;
  end if;
  payload := (
    select jsonb_build_object('stars', p.daily_cap)::text
    from agents.personas p
    where p.org_id = org and p.id = subject and p.daily_cap is not null
    for no key update
  );
  if payload is null then
    raise exception 'the event is not true' using errcode = '22023';
  end if;
  return payload;
end
$$;

comment on function agents.payload_of_event is
  'What billing-stars is told that a persona may use is what the persona’s row says, whatever SQL tells it; the row '
  'that is read is locked, so it is told in the order in which it came to say so. What else is told is what the '
  'service says.';

revoke all on function agents.payload_of_event from public;
