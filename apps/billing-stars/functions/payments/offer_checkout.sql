create or replace function billing_stars.offer_checkout(
  for_org uuid,
  pid uuid,
  by_provider text,
  by_reference text,
  url text,
  until timestamptz
)
returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  declare
    w billing_stars.wallets := billing_stars.enter_wallet(org);
  begin
    if w.standing <> 'open' then
      return w.standing;
    end if;
    if exists (
      select from billing_stars.payment_references r
      where r.reference in (by_reference, pid::text) and (r.org_id <> w.org_id or r.payment_id <> pid)
    ) then
      return 'taken';
    end if;
    update billing_stars.payments b
    set provider = by_provider, checkout_url = url, checkout_until = until
    where b.org_id = w.org_id and b.id = pid and b.state = 'open';
    if not found then
      return case
        when exists (
          select from billing_stars.payments b
          where b.org_id = w.org_id and b.id = pid
        ) then 'over'
        else 'not_found'
      end;
    end if;
    perform billing_stars.remember_payment(pid::text, w.org_id, pid);
    if by_reference is not null then
      perform billing_stars.remember_payment(by_reference, w.org_id, pid);
    end if;
    return 'offered';
  end;
end
$$;

comment on function billing_stars.offer_checkout is
  'A way to pay what is open, the first or a further one; those before it stay good. By the names that are '
  'noted here a provider and an operator are believed about this organization: so nothing but the platform '
  'notes any.';

revoke all on function billing_stars.offer_checkout from public;
grant execute on function billing_stars.offer_checkout to billing_stars_app;
