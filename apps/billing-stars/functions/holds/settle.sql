create or replace function billing_stars.settle(hold uuid, amount bigint, by_actor text)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
  declare
    w billing_stars.wallets;
    h billing_stars.holds;
    entry billing_stars.ledger_transactions;
    covered bigint;
    monthly bigint;
    package bigint;
    is_late boolean;
  begin
    perform billing_stars.check_stars(amount, 1);
    w := billing_stars.enter_wallet(org);
    -- Under the wallet's lock nobody else changes a hold or a counter: what is read here stays so.
    select *
    into h
    from billing_stars.holds x
    where x.org_id = w.org_id and x.id = hold;
    if not found then
      return jsonb_build_object('outcome', 'not_found');
    end if;
    if h.state = 'settled' then
      return billing_stars.hold_now(h, case when h.settled = amount then 'settled' else 'ended' end);
    end if;
    is_late := h.state <> 'open';
    if is_late then
      -- What it had kept is given back already: a new debit of what is free, and the rest is owed.
      covered := least(amount, w.monthly_balance - w.monthly_held + w.package_balance - w.package_held);
      monthly := least(covered, w.monthly_balance - w.monthly_held);
    else
      covered := least(amount, h.stars);
      monthly := least(covered, h.from_monthly);
      update billing_stars.wallets x
      set
        monthly_held = x.monthly_held - case when h.period = w.period then h.from_monthly else 0 end,
        package_held = x.package_held - h.from_package
      where x.org_id = w.org_id and x.id = w.org_id;
    end if;
    package := covered - monthly;
    entry.kind := case when is_late then 'late_charge' else 'charge' end;
    entry.actor := by_actor;
    entry.agent_id := h.agent_id;
    entry.person_id := h.person_id;
    entry.run_id := h.run_id;
    entry.price_version := h.price_version;
    entry.idempotency_key := h.idempotency_key;
    entry.hold_id := h.id;
    entry.period := h.period;
    entry.day := h.day;
    if is_late or h.period = w.period then
      w := billing_stars.post(
        w,
        entry,
        array['used', 'monthly', 'package', 'overdraft'],
        array[amount, -monthly, -package, covered - amount]
      );
    else
      w := billing_stars.post(
        w,
        entry,
        array['used', 'carried', 'package', 'overdraft', 'expired'],
        array[amount, -h.from_monthly, -package, covered - amount, h.from_monthly - monthly]
      );
    end if;
    update billing_stars.cap_counters k
    set
      held = k.held - case when is_late then 0 else h.stars end,
      spent = k.spent + amount,
      overrun = k.overrun + case when is_late then amount else amount - covered end
    where k.org_id = h.org_id
      and (k.layer, k.starts, k.subject) in (
        select l.layer, l.starts, l.subject
        from billing_stars.layers_of(h.agent_id, h.person_id, h.period, h.day) l
      );
    if is_late or amount > covered then
      perform billing_stars.warn_counters(w, h.agent_id, h.person_id, h.period, h.day);
    end if;
    update billing_stars.holds x
    set
      state = 'settled',
      settled = amount,
      paid_monthly = monthly,
      paid_package = package,
      ended_at = w.moment,
      given_back_at = h.ended_at,
      overrun = case when is_late then amount else amount - covered end
    where x.org_id = w.org_id and x.id = hold
    returning x.*
    into h;
    return billing_stars.hold_now(h, 'settled');
  end;
end
$$;

comment on function billing_stars.settle is
  'The action has cost so much: what the wallet keeps for the hold is freed, this month’s from the held parts '
  'and an earlier month’s from what was carried, and what was used is charged. Above the hold, or after its '
  'end, the rest is owed.';

revoke all on function billing_stars.settle from public;
grant execute on function billing_stars.settle to billing_stars_app;
