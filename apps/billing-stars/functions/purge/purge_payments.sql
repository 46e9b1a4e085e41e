create or replace function billing_stars.purge_payments(most int)
returns int
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter();
begin
  declare
    changed int;
  begin
    perform tenancy.acting('system:purge');
    update billing_stars.payments b
    set ordered_by = billing_stars.unnamed(b.ordered_by), checkout_url = null
    where b.org_id = org
      and b.id = any(
        array(
          select x.id
          from billing_stars.payments x
          where x.org_id = org and (x.ordered_by <> billing_stars.unnamed(x.ordered_by) or x.checkout_url is not null)
          limit most
        )
      );
    get diagnostics changed = row_count;
    perform billing_stars.note_purged('payments', 'anonymized', changed);
    return changed;
  end;
end
$$;

comment on function billing_stars.purge_payments is
  'Takes who ordered them, and where they were to be paid, out of so many payments at most, of the organization of '
  'the tag. For TablePurger alone.';

revoke all on function billing_stars.purge_payments from public;
grant execute on function billing_stars.purge_payments to billing_stars_app;
