create or replace function billing_stars.purge_ledger_transactions(most int)
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
    update billing_stars.ledger_transactions m
    set person_id = null, actor = billing_stars.unnamed(m.actor)
    where m.org_id = org
      and m.id = any(
        array(
          select x.id
          from billing_stars.ledger_transactions x
          where x.org_id = org and (x.person_id is not null or x.actor <> billing_stars.unnamed(x.actor))
          limit most
        )
      );
    get diagnostics changed = row_count;
    perform billing_stars.note_purged('ledger_transactions', 'anonymized', changed);
    return changed;
  end;
end
$$;

comment on function billing_stars.purge_ledger_transactions is
  'Takes people out of so many movements of Stars at most that no hold was for, of the organization of the tag: those '
  'of holds go with these. For TablePurger alone.';

revoke all on function billing_stars.purge_ledger_transactions from public;
grant execute on function billing_stars.purge_ledger_transactions to billing_stars_app;
