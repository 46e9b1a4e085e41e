create or replace function billing_stars.release(hold uuid, by_actor text)
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
  begin
    w := billing_stars.enter_wallet(org);
    select *
    into h
    from billing_stars.holds x
    where x.org_id = w.org_id and x.id = hold;
    if not found then
      return jsonb_build_object('outcome', 'not_found');
    end if;
    if h.state <> 'open' then
      return billing_stars.hold_now(h, case when h.state = 'settled' then 'ended' else 'released' end);
    end if;
    update billing_stars.cap_counters k
    set held = k.held - h.stars
    where k.org_id = h.org_id
      and (k.layer, k.starts, k.subject) in (
        select l.layer, l.starts, l.subject
        from billing_stars.layers_of(h.agent_id, h.person_id, h.period, h.day) l
      );
    update billing_stars.wallets x
    set
      monthly_held = x.monthly_held - case when h.period = w.period then h.from_monthly else 0 end,
      package_held = x.package_held - h.from_package,
      moment = w.moment,
      day = w.day
    where x.org_id = w.org_id and x.id = w.org_id;
    if h.period < w.period and h.from_monthly > 0 then
      entry.kind := 'hold_lapsed';
      entry.actor := by_actor;
      entry.hold_id := h.id;
      entry.period := w.period;
      w := billing_stars.post(w, entry, array['carried', 'expired'], array[-h.from_monthly, h.from_monthly]);
    end if;
    update billing_stars.holds x
    set state = 'released', ended_at = w.moment
    where x.org_id = w.org_id and x.id = hold
    returning x.*
    into h;
    return billing_stars.hold_now(h, 'released');
  end;
end
$$;

comment on function billing_stars.release is
  'The action costs nothing: what the wallet and caps keep for the hold is free again.';

revoke all on function billing_stars.release from public;
grant execute on function billing_stars.release to billing_stars_app;
