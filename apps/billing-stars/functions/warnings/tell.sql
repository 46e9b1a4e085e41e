create or replace function billing_stars.tell(w billing_stars.wallets, told text, payload jsonb)
returns void
language plpgsql
as $$
declare
  event uuid := uuidv7();
begin
  insert into billing_stars.outbox (
    org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in
  )
  select
    w.org_id,
    event,
    told,
    'wallet',
    w.org_id,
    coalesce(max(o.entity_version), 0) + 1,
    'system:billing-stars',
    event::text,
    payload::text,
    clock_timestamp(),
    pg_current_xact_id()::text::bigint
  from billing_stars.outbox o
  where o.org_id = w.org_id and o.entity = 'wallet' and o.entity_id = w.org_id;
  perform pg_catalog.set_config('billing_stars.told', 'on', true);
end
$$;

comment on function billing_stars.tell is
  'Writes a durable event down, as the outbox does; the entity is the wallet, whose lock orders them. Whoever '
  'called learns by the setting that there is something to publish.';

revoke all on function billing_stars.tell from public;
