create or replace function billing_stars.set_standing(becomes text)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter();
begin
  begin
    perform tenancy.acting('system:orgs');
    return billing_stars.stand(org, becomes);
  end;
end
$$;

comment on function billing_stars.set_standing is
  'The wallet stands as orgs tells of the organization: closed for good, or suspended until it is resumed. '
  'Nothing that somebody of the organization may do. True when that is new.';

revoke all on function billing_stars.set_standing from public;
grant execute on function billing_stars.set_standing to billing_stars_app;
