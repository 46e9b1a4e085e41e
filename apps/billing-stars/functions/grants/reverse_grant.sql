create or replace function billing_stars.reverse_grant(
  for_org uuid,
  reversal_source text,
  granted_source text,
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
    r billing_stars.reversals;
  begin
    perform billing_stars.check_stars(amount, 1);
    w := billing_stars.enter_wallet(org);
    if w.org_id is null then
      return jsonb_build_object('outcome', 'no_wallet');
    end if;
    select *
    into g
    from billing_stars.grants x
    where x.org_id = w.org_id and x.source = granted_source;
    if not found then
      return jsonb_build_object('outcome', 'not_found');
    end if;
    select *
    into r
    from billing_stars.reversals x
    where x.org_id = w.org_id and x.source = reversal_source;
    if found then
      if r.stars <> amount or r.grant_id <> g.id then
        return jsonb_build_object('outcome', 'source_reused');
      end if;
      return jsonb_build_object('outcome', 'reversed', 'id', r.id, 'new', false);
    end if;
    if amount + (
      select coalesce(sum(x.stars), 0)
      from billing_stars.reversals x
      where x.org_id = w.org_id and x.grant_id = g.id
    ) > g.stars then
      return jsonb_build_object('outcome', 'too_much');
    end if;
    r.id := billing_stars.take_back(w, g, reversal_source, amount, by_actor);
    return jsonb_build_object('outcome', 'reversed', 'id', r.id, 'new', true);
  end;
end
$$;

comment on function billing_stars.reverse_grant is
  'Stars of a grant go back, under the platform’s tag alone. What is taken back and spent already blocks every '
  'reservation until it is paid.';

revoke all on function billing_stars.reverse_grant from public;
grant execute on function billing_stars.reverse_grant to billing_stars_app;
