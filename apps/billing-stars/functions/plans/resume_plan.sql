create or replace function billing_stars.resume_plan(w billing_stars.wallets)
returns void
language plpgsql
as $$
begin
  if w.standing = 'open'
    and exists (
      select from billing_stars.subscriptions s
      where s.org_id = w.org_id and s.id = w.org_id and s.since < w.period
    )
    and not exists (
      select from billing_stars.grants g
      where g.org_id = w.org_id and g.source = 'plan:' || to_char(w.period, 'YYYY-MM-DD')
    )
  then
    perform billing_stars.renew_plan(w, true);
  end if;
end
$$;

comment on function billing_stars.resume_plan is
  'Begins a month that could not begin in its time, for the days that are left of it, today included. Nothing '
  'where it has begun.';

revoke all on function billing_stars.resume_plan from public;
