create or replace function billing_stars.post(
  w billing_stars.wallets,
  entry billing_stars.ledger_transactions,
  accounts text[],
  amounts bigint[]
)
returns billing_stars.wallets
language plpgsql
as $$
declare
  posted billing_stars.wallets;
begin
  if (select sum(u) from unnest(amounts) u) <> 0 then
    raise exception 'debits and credits differ' using errcode = '22000';
  end if;
  update billing_stars.wallets x
  set
    ledger_seq = x.ledger_seq + 1,
    moment = w.moment,
    day = w.day,
    monthly_balance = x.monthly_balance + e.monthly,
    package_balance = x.package_balance + e.package,
    carried = x.carried + e.carried,
    allotted = greatest(0, x.allotted - e.granted),
    warn_at = case e.granted
      when 0 then x.warn_at
      else billing_stars.warn_level(greatest(0, x.allotted - e.granted), x.warned)
    end,
    overdraft = x.overdraft - e.overdraft,
    state = case when x.overdraft - e.overdraft > 0 then 'owing' else 'active' end
  from (
    select
      coalesce(sum(n) filter (where a = 'monthly'), 0) as monthly,
      coalesce(sum(n) filter (where a = 'package'), 0) as package,
      coalesce(sum(n) filter (where a = 'carried'), 0) as carried,
      coalesce(sum(n) filter (where a = 'overdraft'), 0) as overdraft,
      coalesce(sum(n) filter (where a = 'granted'), 0)::bigint as granted
    from unnest(accounts, amounts) as u (a, n)
  ) e
  where x.org_id = w.org_id and x.id = w.org_id
  returning x.*
  into strict posted;
  entry.org_id := w.org_id;
  entry.id := uuidv7();
  entry.seq := posted.ledger_seq;
  entry.at := w.moment;
  entry.price_version := coalesce(entry.price_version, w.price_version);
  entry.idempotency_key := coalesce(entry.idempotency_key, entry.id::text);
  insert into billing_stars.ledger_transactions
  select entry.*;
  insert into billing_stars.ledger_entries (org_id, id, transaction_id, account, debit, credit)
  select w.org_id, uuidv7(), entry.id, a, greatest(n, 0), greatest(-n, 0)
  from unnest(accounts, amounts) as u (a, n)
  where n <> 0;
  -- What a month takes with it at its end is nobody's use.
  if entry.kind <> 'period_end'
    and posted.monthly_balance - posted.monthly_held + posted.package_balance - posted.package_held
      <= posted.warn_at
  then
    posted := billing_stars.warn_wallet(posted);
  end if;
  return posted;
end
$$;

comment on function billing_stars.post is
  'The only place where Stars move: the ledger and the wallet’s balances change together or not at all. Amounts '
  'stand beside accounts: above zero a debit, below zero a credit, together zero. Held parts of the wallet are '
  'the caller’s to free before; time and day are taken from the wallet as it is given.';

revoke all on function billing_stars.post from public;
