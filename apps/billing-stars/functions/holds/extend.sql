create or replace function billing_stars.extend(hold uuid, ttl int)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter();
begin
  declare
    w billing_stars.wallets;
    h billing_stars.holds;
  begin
    if ttl is null or ttl < 1 or ttl > 3600 then
      raise exception 'a hold lasts 1 to 3600 seconds' using errcode = '22003';
    end if;
    w := billing_stars.enter_wallet(org);
    update billing_stars.holds x
    set expires_at = greatest(
      x.expires_at,
      least(w.moment + make_interval(secs => ttl), x.created_at + make_interval(secs => 86400))
    )
    where x.org_id = w.org_id and x.id = hold and x.state = 'open'
    returning x.*
    into h;
    if found then
      return billing_stars.hold_now(h, 'extended');
    end if;
    select *
    into h
    from billing_stars.holds x
    where x.org_id = w.org_id and x.id = hold;
    if not found then
      return jsonb_build_object('outcome', 'not_found');
    end if;
    return billing_stars.hold_now(h, 'ended');
  end;
end
$$;

comment on function billing_stars.extend is
  'The hold lasts so many seconds from now on, and a day in all: it belongs to the month and day in which it '
  'was made.';

revoke all on function billing_stars.extend from public;
grant execute on function billing_stars.extend to billing_stars_app;
