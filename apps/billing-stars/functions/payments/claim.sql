create or replace function billing_stars.claim(
  for_org uuid,
  pid uuid,
  by_event text,
  by_provider text,
  by_name text,
  of_kind text,
  claim_name text,
  of_amount bigint,
  amount_in text,
  becomes text,
  at_time timestamptz,
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
    values (w.org_id, uuidv7(), by_event, pid, of_kind, w.moment)
    on conflict (org_id, event_id) do nothing;
    if not found then
      return jsonb_build_object('outcome', 'known');
    end if;
    charge := billing_stars.note_charge(w, pid, by_provider, by_name);
    insert into billing_stars.claims as m (
      org_id, id, charge_id, kind, name, amount, currency, state, told_at
    )
    values (w.org_id, uuidv7(), charge, of_kind, claim_name, of_amount, amount_in, becomes, at_time)
    on conflict (org_id, charge_id, kind, name) do update set
      amount = excluded.amount,
      currency = excluded.currency,
      state = excluded.state,
      told_at = excluded.told_at
    where (
      case m.state when 'asked' then 0 when 'open' then 1 when 'given' then 1 else 2 end,
      m.told_at,
      m.state,
      m.amount
    ) < (
      case excluded.state when 'asked' then 0 when 'open' then 1 when 'given' then 1 else 2 end,
      excluded.told_at,
      excluded.state,
      excluded.amount
    );
    if not found then
      return jsonb_build_object('outcome', 'known');
    end if;
    return billing_stars.follow_charges(w, pid, by_event, by_provider, by_actor);
  end;
end
$$;

comment on function billing_stars.claim is
  'One refund or one dispute of a charge, as it stood when that was told: later words hold against earlier '
  'ones, in whatever order they are told.';

revoke all on function billing_stars.claim from public;
grant execute on function billing_stars.claim to billing_stars_app;
