create or replace function billing_stars.grant_stars(
  for_org uuid,
  grant_source text,
  into_compartment text,
  amount bigint,
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
    w billing_stars.wallets;
    g billing_stars.grants;
  begin
    perform billing_stars.check_stars(amount, 1);
    w := billing_stars.enter_wallet(org);
    if w.org_id is null then
      return jsonb_build_object('outcome', 'no_wallet');
    end if;
    select *
    into g
    from billing_stars.grants x
    where x.org_id = w.org_id and x.source = grant_source;
    if found then
      if g.stars <> amount or g.compartment <> into_compartment then
        return jsonb_build_object('outcome', 'source_reused');
      end if;
      return jsonb_build_object('outcome', 'granted', 'id', g.id, 'new', false);
    end if;
    w := billing_stars.book_grant(w, grant_source, into_compartment, amount, by_actor);
    select *
    into strict g
    from billing_stars.grants x
    where x.org_id = w.org_id and x.source = grant_source;
    if into_compartment = 'monthly' then
      perform billing_stars.watch_wallet(w);
    end if;
    return jsonb_build_object('outcome', 'granted', 'id', g.id, 'new', true);
  end;
end
$$;

comment on function billing_stars.grant_stars is
  'Stars come in, under the platform’s tag alone. The same source again changes nothing; with another amount it '
  'is refused.';

revoke all on function billing_stars.grant_stars from public;
grant execute on function billing_stars.grant_stars to billing_stars_app;
