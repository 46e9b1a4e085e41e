create or replace function billing_stars.stand(org uuid, becomes text)
returns boolean
language plpgsql
as $$
declare
  w billing_stars.wallets;
begin
  if not exists (
    select from billing_stars.wallets x
    where x.org_id = org and x.id = org and x.standing not in ('closed', becomes)
  ) then
    return false;
  end if;
  w := billing_stars.enter_wallet(org);
  update billing_stars.wallets x
  set standing = becomes, moment = w.moment, day = w.day
  where x.org_id = org and x.id = org and x.standing not in ('closed', becomes)
  returning x.*
  into w;
  if not found then
    return false;
  end if;
  perform billing_stars.resume_plan(w);
  return true;
end
$$;

comment on function billing_stars.stand is
  'The wallet stands so, unless it does already or is closed for good. A month that began while it was '
  'suspended is billed from the day it is resumed. True when that is new.';

revoke all on function billing_stars.stand from public;
