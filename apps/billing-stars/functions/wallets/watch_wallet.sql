create or replace function billing_stars.watch_wallet(w billing_stars.wallets)
returns billing_stars.wallets
language plpgsql
as $$
declare
  next timestamptz := least(
    (select min(h.expires_at) from billing_stars.holds h where h.org_id = w.org_id and h.state = 'open'),
    case
      when w.monthly_balance > 0
        or exists (
          select from billing_stars.subscriptions s
          where s.org_id = w.org_id and s.plan is not null
        ) then (w.period + interval '1 month') at time zone w.time_zone
    end
  );
begin
  -- The directory says what the wallet says, always.
  if next is not distinct from w.due_at then
    return w;
  end if;
  update billing_stars.wallets x
  set due_at = next
  where x.org_id = w.org_id and x.id = w.org_id
  returning x.*
  into strict w;
  if next is null then
    delete from billing_stars.wallet_watch d
    where d.org_id = w.org_id;
  else
    insert into billing_stars.wallet_watch as d (org_id, due_at)
    values (w.org_id, next)
    on conflict (org_id) do update set due_at = excluded.due_at;
  end if;
  return w;
end
$$;

comment on function billing_stars.watch_wallet is
  'Notes when the wallet needs somebody next: the first open hold expires, or monthly Stars do.';

revoke all on function billing_stars.watch_wallet from public;
