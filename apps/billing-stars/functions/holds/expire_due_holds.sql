create or replace function billing_stars.expire_due_holds(
  w billing_stars.wallets,
  instant timestamptz
)
returns billing_stars.wallets
language plpgsql
as $$
declare
  entry billing_stars.ledger_transactions;
  monthly bigint;
  package bigint;
  lapsed bigint;
begin
  update billing_stars.cap_counters k
  set held = k.held - g.stars
  from (
    select l.layer, l.starts, l.subject, sum(h.stars) as stars
    from billing_stars.holds h, billing_stars.layers_of(h.agent_id, h.person_id, h.period, h.day) l
    where h.org_id = w.org_id and h.state = 'open' and h.expires_at <= instant
    group by 1, 2, 3
  ) g
  where k.org_id = w.org_id and k.layer = g.layer and k.starts = g.starts and k.subject = g.subject;
  with gone as (
    update billing_stars.holds h
    set state = 'expired', ended_at = instant
    where h.org_id = w.org_id and h.state = 'open' and h.expires_at <= instant
    returning h.period, h.from_monthly, h.from_package
  )
  select
    coalesce(sum(g.from_monthly) filter (where g.period = w.period), 0),
    coalesce(sum(g.from_package), 0),
    coalesce(sum(g.from_monthly) filter (where g.period < w.period), 0)
  into monthly, package, lapsed
  from gone g;
  update billing_stars.wallets x
  set monthly_held = x.monthly_held - monthly, package_held = x.package_held - package
  where x.org_id = w.org_id and x.id = w.org_id
  returning x.*
  into strict w;
  if lapsed > 0 then
    w.moment := instant;
    entry.kind := 'hold_lapsed';
    entry.actor := 'system:billing-stars';
    entry.period := w.period;
    w := billing_stars.post(w, entry, array['carried', 'expired'], array[-lapsed, lapsed]);
  end if;
  return w;
end
$$;

comment on function billing_stars.expire_due_holds is
  'Gives back holds that are due, all at once. Those of an earlier month lapse: their month is over.';

revoke all on function billing_stars.expire_due_holds from public;
