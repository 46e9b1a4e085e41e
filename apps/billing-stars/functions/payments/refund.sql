create or replace function billing_stars.refund(
  for_org uuid,
  pid uuid,
  by_event text,
  by_provider text,
  by_name text,
  of_amount bigint,
  by_actor text
)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
  declare
    w billing_stars.wallets := billing_stars.enter_wallet(org);
    charge uuid;
  begin
    if not exists (select from billing_stars.payments b where b.org_id = w.org_id and b.id = pid) then
      return jsonb_build_object('outcome', 'not_found');
    end if;
    insert into billing_stars.payment_events (org_id, id, event_id, payment_id, what, at)
    values (w.org_id, uuidv7(), by_event, pid, 'refunded', w.moment)
    on conflict (org_id, event_id) do nothing;
    if not found then
      return jsonb_build_object('outcome', 'known');
    end if;
    charge := billing_stars.note_charge(w, pid, by_provider, by_name);
    update billing_stars.charges c
    set told_refunded = of_amount
    where c.org_id = w.org_id and c.id = charge and c.told_refunded < of_amount;
    if not found then
      return jsonb_build_object('outcome', 'known');
    end if;
    return billing_stars.follow_charges(w, pid, by_event, by_provider, by_actor);
  end;
end
$$;

comment on function billing_stars.refund is
  'Money has gone back: altogether so much of the charge.';

revoke all on function billing_stars.refund from public;
grant execute on function billing_stars.refund to billing_stars_app;
