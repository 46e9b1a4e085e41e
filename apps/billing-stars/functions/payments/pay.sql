create or replace function billing_stars.pay(
  for_org uuid,
  pid uuid,
  by_event text,
  by_provider text,
  by_name text,
  of_cents bigint,
  in_currency text,
  of_amount bigint,
  amount_in text,
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
    values (w.org_id, uuidv7(), by_event, pid, 'paid', w.moment)
    on conflict (org_id, event_id) do nothing;
    if not found then
      return jsonb_build_object('outcome', 'known');
    end if;
    charge := billing_stars.note_charge(w, pid, by_provider, by_name);
    update billing_stars.charges c
    set
      cents = of_cents,
      currency = in_currency,
      amount = of_amount,
      amount_currency = amount_in,
      paid_at = coalesce(c.paid_at, w.moment)
    where c.org_id = w.org_id
      and c.id = charge
      and (
        c.paid_at is null
          or (c.currency = billing_stars.currency(), c.cents, c.amount)
            < (in_currency = billing_stars.currency(), of_cents, of_amount)
      );
    if not found then
      return jsonb_build_object('outcome', 'known');
    end if;
    return billing_stars.follow_charges(w, pid, by_event, by_provider, by_actor);
  end;
end
$$;

comment on function billing_stars.pay is
  'Money has come: so much was charged, which is so much of our price. Of two words about one charge the larger '
  'holds, and one in the price’s currency before any other. Each fact of a charge is taken once, in whatever '
  'order they are told, and what the order comes to is worked out anew from all that is known: the same facts '
  'end in the same place.';

revoke all on function billing_stars.pay from public;
grant execute on function billing_stars.pay to billing_stars_app;
