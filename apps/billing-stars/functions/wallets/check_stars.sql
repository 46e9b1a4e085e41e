create or replace function billing_stars.check_stars(stars bigint, lowest bigint)
returns void
language plpgsql
as $$
begin
  if stars is null or stars < lowest or stars > 1000000000 then
    raise exception 'an amount of Stars is a whole number from % to 1000000000', lowest using errcode = '22003';
  end if;
end
$$;

comment on function billing_stars.check_stars is
  'Refuses what is no amount of Stars.';

revoke all on function billing_stars.check_stars from public;
