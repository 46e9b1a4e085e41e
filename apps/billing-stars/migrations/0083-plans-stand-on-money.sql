-- What a plan stands on is the money that came in last for it. Whether that has gone back is looked up where it matters, not noted as
-- a wish of the organization, which the organization could take back.
alter table billing_stars.subscriptions add column payment_id uuid null;

do $$
declare
  org uuid;
begin
  for org in select distinct r.org_id from billing_stars.payment_references r loop
    perform set_config('tenancy.entered', org::text, true);
    update billing_stars.subscriptions s set payment_id = (select b.id from billing_stars.payments b where b.org_id = org and b.item = s.plan and b.kind <> 'pack' and b.paid_at is not null
        order by b.paid_at desc, b.id desc limit 1)
      where s.org_id = org and s.plan is not null;
    update billing_stars.subscriptions s set changes = false
      where s.org_id = org and s.changes and s.next_plan is null and exists (select from billing_stars.payments b where b.org_id = org and b.id = s.payment_id and b.state = 'refunded' and b.ended_plan);
  end loop;
  -- The reference below is checked by the policies, which take nothing that is no id.
  perform set_config('tenancy.entered', gen_random_uuid()::text, true);
end $$;

drop function billing_stars.end_unpaid_plan(billing_stars.wallets, billing_stars.payments, text);
alter table billing_stars.payments drop column ended_plan;
alter table billing_stars.subscriptions add constraint subscriptions_payment foreign key (org_id, payment_id) references billing_stars.payments (org_id, id);
alter table billing_stars.subscriptions add constraint subscriptions_paid check (plan is not null or payment_id is null);
select set_config('tenancy.entered', '', true);
