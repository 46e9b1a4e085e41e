-- Money is per charge: an order's state follows what was charged for it, what of that went back and what is in dispute. What gives
-- a provider and an operator authority over an order is noted under the platform's tag alone. A suspended organization is not billed.

drop function billing_stars.order_payment(uuid, text, text, bigint, bigint, text, date, text, text, text, timestamptz, text);
drop function billing_stars.offer_checkout(uuid, text, text, text, timestamptz);
drop function billing_stars.pay(uuid, uuid, text, bigint, text, text, text, text);
drop function billing_stars.refund(uuid, uuid, text, bigint, text);
drop function billing_stars.renew_plan(billing_stars.wallets);

create table "billing_stars"."charges" ("org_id" uuid not null, "id" uuid not null, "payment_id" uuid not null, "provider" text not null, "name" text not null, "cents" bigint null, "currency" text null, "amount" bigint null, "amount_currency" text null, "paid_at" timestamptz(6) null, "told_refunded" bigint not null default '0', "refunded" bigint not null default '0', "disputed" bigint not null default '0', "lost" bigint not null default '0', "noted_at" timestamptz(6) not null, primary key ("org_id", "id"));
create table "billing_stars"."claims" ("org_id" uuid not null, "id" uuid not null, "charge_id" uuid not null, "kind" text not null, "name" text not null, "amount" bigint not null, "currency" text not null, "state" text not null, "told_at" timestamptz(3) not null, primary key ("org_id", "id"));
create table "billing_stars"."overpayments" ("org_id" uuid not null, "payment_id" uuid not null, "noted_at" timestamptz(6) not null, primary key ("org_id", "payment_id"));

alter table billing_stars.ledger_transactions drop constraint ledger_transactions_kind_check;
alter table "billing_stars"."ledger_transactions" add constraint "ledger_transactions_kind_check" check ("kind" in ('grant', 'reversal', 'reinstatement', 'repayment', 'charge', 'late_charge', 'hold_lapsed', 'period_end'));
alter table billing_stars.payment_events drop constraint payment_events_what_check;
alter table "billing_stars"."payment_events" add constraint "payment_events_what_check" check ("what" in ('paid', 'refunded', 'refund', 'dispute'));
alter table billing_stars.payments add column paid_cents bigint not null default '0', add column disputed_cents bigint not null default '0',
  add column taken_monthly bigint not null default '0', add column taken_package bigint not null default '0', add column ended_plan boolean not null default false;
alter table billing_stars.payments drop constraint payments_state_check, drop constraint payments_amounts, drop constraint payments_paid;

alter table "billing_stars"."charges" add constraint "charges_org_id_payment_id_provider_name_unique" unique ("org_id", "payment_id", "provider", "name");
alter table "billing_stars"."claims" add constraint "claims_org_id_charge_id_kind_name_unique" unique ("org_id", "charge_id", "kind", "name");
alter table "billing_stars"."claims" add constraint "claims_kind_check" check ("kind" in ('refund', 'dispute'));
alter table "billing_stars"."claims" add constraint "claims_state_check" check ("state" in ('given', 'failed', 'asked', 'open', 'won', 'lost'));
alter table billing_stars.charges add constraint charges_payment foreign key (org_id, payment_id) references billing_stars.payments (org_id, id);
alter table billing_stars.claims add constraint claims_charge foreign key (org_id, charge_id) references billing_stars.charges (org_id, id);
alter table "billing_stars"."charges" enable row level security;
alter table "billing_stars"."charges" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."charges" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."charges" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."charges" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."charges" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."charges" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."claims" enable row level security;
alter table "billing_stars"."claims" force row level security;
create policy "tenancy_restrictive_billing_stars_app" on "billing_stars"."claims" as restrictive to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive_billing_stars_app" on "billing_stars"."claims" to "billing_stars_app" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_restrictive_billing_stars_owner" on "billing_stars"."claims" as restrictive to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."claims" to "billing_stars_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_billing_stars_checker" on "billing_stars"."claims" for select to "billing_stars_checker" using (true);
alter table "billing_stars"."overpayments" enable row level security;
alter table "billing_stars"."overpayments" force row level security;
create policy "tenancy_permissive_billing_stars_owner" on "billing_stars"."overpayments" to "billing_stars_owner" using (true) with check (true);
alter table billing_stars.charges add constraint charges_amounts check (told_refunded >= 0 and refunded >= 0 and disputed >= 0 and lost >= 0 and cents >= 0 and amount > 0 and refunded + disputed + lost <= coalesce(amount, 0));
alter table billing_stars.charges add constraint charges_paid check (num_nulls(paid_at, cents, currency, amount, amount_currency) in (0, 5));
alter table billing_stars.claims add constraint claims_amount check (amount > 0);
grant select on billing_stars.charges to billing_stars_app;
grant select on billing_stars.charges to billing_stars_checker;
grant select on billing_stars.claims to billing_stars_app;
grant select on billing_stars.claims to billing_stars_checker;

-- What was paid before is one charge: by the name its refunds are told under where a provider told of it. An owner sees the rows of
-- the organization it has entered, so one after the other.
do $$
declare
  org uuid;
begin
  for org in select distinct r.org_id from billing_stars.payment_references r loop
    perform set_config('tenancy.entered', org::text, true);
    insert into billing_stars.charges (org_id, id, payment_id, provider, name, cents, currency, amount, amount_currency, paid_at, told_refunded, refunded, noted_at)
      select b.org_id, uuidv7(), b.id, b.provider, coalesce((select r.reference from billing_stars.payment_references r where b.provider <> 'manual' and r.org_id = b.org_id
          and r.payment_id = b.id and r.reference like 'pi\_%' order by r.noted_at limit 1), 'paid before charges were kept'),
        b.cents, b.currency, b.cents, b.currency, b.paid_at, b.refunded_cents, b.refunded_cents, b.paid_at
      from billing_stars.payments b where b.org_id = org and b.paid_at is not null;
    update billing_stars.payments b set paid_cents = b.cents where b.org_id = org and b.paid_at is not null;
  end loop;
  perform set_config('tenancy.entered', '', true);
end $$;

alter table "billing_stars"."payments" add constraint "payments_state_check" check ("state" in ('open', 'paid', 'disputed', 'refunded', 'void'));
alter table billing_stars.payments add constraint payments_amounts check (stars > 0 and cents > 0 and paid_cents >= 0 and refunded_cents >= 0 and disputed_cents >= 0 and refunded_cents + disputed_cents <= paid_cents);
alter table billing_stars.payments add constraint payments_taken check (refunded_stars between 0 and stars and taken_monthly >= 0 and taken_package >= 0 and taken_monthly + taken_package <= refunded_stars);
alter table billing_stars.payments add constraint payments_paid check ((state in ('paid', 'disputed', 'refunded')) = (paid_at is not null) and (paid_at is null) = (paid_by is null));

create or replace function billing_stars.turn_period(w billing_stars.wallets, instant timestamptz, today date)
returns billing_stars.wallets language plpgsql as $$
declare
  entry billing_stars.ledger_transactions;
  kept bigint := w.monthly_held;
  had bigint := w.monthly_balance;
  newest int := billing_stars.newest_prices();
begin
  w.moment := instant;
  if had > 0 then
    entry.kind := 'period_end';
    entry.actor := 'system:billing-stars';
    entry.period := w.period;
    update billing_stars.wallets x set monthly_held = 0 where x.org_id = w.org_id and x.id = w.org_id;
    w := billing_stars.post(w, entry, array['monthly', 'carried', 'expired'], array[-had, kept, had - kept]);
  end if;
  if newest > w.price_version then
    perform billing_stars.adopt_prices(w.org_id, newest, today);
  end if;
  update billing_stars.wallets x set period = date_trunc('month', today::timestamp)::date, day = today, moment = instant, price_version = newest,
      allotted = x.monthly_balance + x.package_balance, warned = 0, warn_at = billing_stars.warn_level(x.monthly_balance + x.package_balance, 0)
    where x.org_id = w.org_id and x.id = w.org_id returning x.* into w;
  return billing_stars.renew_plan(w, false);
end
$$;
revoke all on function billing_stars.turn_period from public;

create function billing_stars.stand(org uuid, becomes text)
returns boolean language plpgsql as $$
declare
  w billing_stars.wallets;
begin
  if not exists (select from billing_stars.wallets x where x.org_id = org and x.id = org and x.standing not in ('closed', becomes)) then return false; end if;
  w := billing_stars.enter_wallet(org);
  update billing_stars.wallets x set standing = becomes, moment = w.moment, day = w.day where x.org_id = org and x.id = org and x.standing not in ('closed', becomes) returning x.* into w;
  if not found then return false; end if;
  if becomes = 'open' and exists (select from billing_stars.subscriptions s where s.org_id = org and s.id = org and s.since < w.period)
    and not exists (select from billing_stars.grants g where g.org_id = org and g.source = 'plan:' || w.period) then
    perform billing_stars.renew_plan(w, true);
  end if;
  return true;
end
$$;
revoke all on function billing_stars.stand from public;

create or replace function billing_stars.set_standing(becomes text)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
begin
  perform tenancy.acting('system:orgs');
  return billing_stars.stand(org, becomes);
end;
end
$$;
revoke all on function billing_stars.set_standing from public;
grant execute on function billing_stars.set_standing to billing_stars_app;

create or replace function billing_stars.follow_org(zone text, becomes text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
declare
  w billing_stars.wallets;
begin
  perform tenancy.acting('system:orgs');
  if exists (select from billing_stars.wallets x where x.org_id = org and x.id = org and x.time_zone <> zone) then
    if billing_stars.knows_zone(zone) then
      w := billing_stars.enter_wallet(org);
      update billing_stars.wallets x set time_zone = zone, moment = w.moment where x.org_id = w.org_id and x.id = w.org_id returning x.* into strict w;
      perform billing_stars.watch_wallet(w);
    end if;
  end if;
  perform billing_stars.stand(org, becomes);
end;
end
$$;
revoke all on function billing_stars.follow_org from public;
grant execute on function billing_stars.follow_org to billing_stars_app;

create function billing_stars.order_payment(pid uuid, of_kind text, of_item text, of_stars bigint, of_cents bigint, expected_plan text, expected_period date, by_actor text)
returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  terms record;
begin
  perform billing_stars.check_stars(of_stars, 1);
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return 'no_wallet'; end if;
  if w.standing <> 'open' then return w.standing; end if;
  select * into terms from billing_stars.terms_of(w, of_kind, of_item);
  if terms.stars is distinct from of_stars or terms.cents is distinct from of_cents then return 'changed'; end if;
  if of_kind = 'plan' then
    if w.period <> expected_period or (select s.plan from billing_stars.subscriptions s where s.org_id = w.org_id and s.id = w.org_id) is distinct from expected_plan then return 'changed'; end if;
    update billing_stars.payments b set state = 'void' where b.org_id = w.org_id and b.kind = 'plan' and b.state = 'open';
  end if;
  insert into billing_stars.payments (org_id, id, kind, item, stars, cents, currency, plan_stars, plan_cents, state, grant_source, period, ordered_by, ordered_at)
    values (w.org_id, pid, of_kind, of_item, of_stars, of_cents, billing_stars.currency(), terms.month_stars, terms.month_cents, 'open', 'payment:' || pid, w.period, by_actor, w.moment);
  return 'ordered';
end;
end
$$;
revoke all on function billing_stars.order_payment from public;
grant execute on function billing_stars.order_payment to billing_stars_app;

create function billing_stars.offer_checkout(for_org uuid, pid uuid, by_provider text, by_reference text, url text, until timestamptz)
returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
begin
  if w.standing <> 'open' then return w.standing; end if;
  if exists (select from billing_stars.payment_references r where r.reference = by_reference and (r.org_id <> w.org_id or r.payment_id <> pid)) then return 'taken'; end if;
  update billing_stars.payments b set provider = by_provider, checkout_url = url, checkout_until = until where b.org_id = w.org_id and b.id = pid and b.state = 'open';
  if not found then
    return case when exists (select from billing_stars.payments b where b.org_id = w.org_id and b.id = pid) then 'over' else 'not_found' end;
  end if;
  perform billing_stars.remember_payment(pid::text, w.org_id, pid);
  if by_reference is not null then perform billing_stars.remember_payment(by_reference, w.org_id, pid); end if;
  return 'offered';
end;
end
$$;
revoke all on function billing_stars.offer_checkout from public;
grant execute on function billing_stars.offer_checkout to billing_stars_app;

create function billing_stars.note_charge(w billing_stars.wallets, pid uuid, by_provider text, by_name text)
returns uuid language plpgsql as $$
declare
  charge uuid;
begin
  insert into billing_stars.charges (org_id, id, payment_id, provider, name, noted_at) values (w.org_id, uuidv7(), pid, by_provider, by_name, w.moment)
    on conflict (org_id, payment_id, provider, name) do nothing;
  if by_provider <> 'manual' then perform billing_stars.remember_payment(by_name, w.org_id, pid); end if;
  select c.id into strict charge from billing_stars.charges c where c.org_id = w.org_id and c.payment_id = pid and c.provider = by_provider and c.name = by_name;
  return charge;
end
$$;
revoke all on function billing_stars.note_charge from public;

create function billing_stars.weigh_charges(w billing_stars.wallets, pid uuid)
returns void language plpgsql as $$
begin
  update billing_stars.charges x set refunded = d.back, lost = d.gone, disputed = least(x.amount - d.back - d.gone, d.open)
    from (
      select c.id, r.back, least(c.amount - r.back, m.lost) as gone, m.open from billing_stars.charges c
      cross join lateral (
        select coalesce(sum(m.amount) filter (where m.kind = 'refund' and m.state = 'given'), 0) as given, coalesce(sum(m.amount) filter (where m.kind = 'refund' and m.state = 'failed'), 0) as failed,
          coalesce(sum(case when m.currency = c.amount_currency then m.amount else c.amount end) filter (where m.kind = 'dispute' and m.state = 'open'), 0) as open, coalesce(sum(case when m.currency = c.amount_currency then m.amount else c.amount end) filter (where m.kind = 'dispute' and m.state = 'lost'), 0) as lost
        from billing_stars.claims m where m.org_id = c.org_id and m.charge_id = c.id) m
      cross join lateral (select least(c.amount, greatest(c.told_refunded - m.failed, m.given)) as back) r
      where c.org_id = w.org_id and c.payment_id = pid and c.paid_at is not null) d
    where x.org_id = w.org_id and x.id = d.id;
end
$$;
revoke all on function billing_stars.weigh_charges from public;

create function billing_stars.pay(for_org uuid, pid uuid, by_event text, by_provider text, by_name text, of_cents bigint, in_currency text, of_amount bigint, amount_in text, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
  charge uuid;
begin
  if not exists (select from billing_stars.payments b where b.org_id = w.org_id and b.id = pid) then return jsonb_build_object('outcome', 'not_found'); end if;
  insert into billing_stars.payment_events (org_id, id, event_id, payment_id, what, at) values (w.org_id, uuidv7(), by_event, pid, 'paid', w.moment) on conflict (org_id, event_id) do nothing;
  if not found then return jsonb_build_object('outcome', 'known'); end if;
  charge := billing_stars.note_charge(w, pid, by_provider, by_name);
  update billing_stars.charges c set cents = of_cents, currency = in_currency, amount = of_amount, amount_currency = amount_in, paid_at = coalesce(c.paid_at, w.moment)
    where c.org_id = w.org_id and c.id = charge and (c.paid_at is null
      or (c.currency = billing_stars.currency(), c.cents, c.amount) < (in_currency = billing_stars.currency(), of_cents, of_amount));
  if not found then return jsonb_build_object('outcome', 'known'); end if;
  return billing_stars.follow_charges(w, pid, by_event, by_provider, by_actor);
end;
end
$$;
revoke all on function billing_stars.pay from public;
grant execute on function billing_stars.pay to billing_stars_app;

create function billing_stars.refund(for_org uuid, pid uuid, by_event text, by_provider text, by_name text, of_amount bigint, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
  charge uuid;
begin
  if not exists (select from billing_stars.payments b where b.org_id = w.org_id and b.id = pid) then return jsonb_build_object('outcome', 'not_found'); end if;
  insert into billing_stars.payment_events (org_id, id, event_id, payment_id, what, at) values (w.org_id, uuidv7(), by_event, pid, 'refunded', w.moment) on conflict (org_id, event_id) do nothing;
  if not found then return jsonb_build_object('outcome', 'known'); end if;
  charge := billing_stars.note_charge(w, pid, by_provider, by_name);
  update billing_stars.charges c set told_refunded = of_amount where c.org_id = w.org_id and c.id = charge and c.told_refunded < of_amount;
  if not found then return jsonb_build_object('outcome', 'known'); end if;
  return billing_stars.follow_charges(w, pid, by_event, by_provider, by_actor);
end;
end
$$;
revoke all on function billing_stars.refund from public;
grant execute on function billing_stars.refund to billing_stars_app;

create function billing_stars.claim(for_org uuid, pid uuid, by_event text, by_provider text, by_name text, of_kind text, claim_name text, of_amount bigint, amount_in text, becomes text, at_time timestamptz, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
  charge uuid;
begin
  if not exists (select from billing_stars.payments b where b.org_id = w.org_id and b.id = pid) then return jsonb_build_object('outcome', 'not_found'); end if;
  insert into billing_stars.payment_events (org_id, id, event_id, payment_id, what, at) values (w.org_id, uuidv7(), by_event, pid, of_kind, w.moment) on conflict (org_id, event_id) do nothing;
  if not found then return jsonb_build_object('outcome', 'known'); end if;
  charge := billing_stars.note_charge(w, pid, by_provider, by_name);
  insert into billing_stars.claims as m (org_id, id, charge_id, kind, name, amount, currency, state, told_at)
    values (w.org_id, uuidv7(), charge, of_kind, claim_name, of_amount, amount_in, becomes, at_time)
    on conflict (org_id, charge_id, kind, name) do update set amount = excluded.amount, currency = excluded.currency, state = excluded.state, told_at = excluded.told_at
    where (case m.state when 'asked' then 0 when 'open' then 1 when 'given' then 1 else 2 end, m.told_at, m.state, m.amount) < (case excluded.state when 'asked' then 0 when 'open' then 1 when 'given' then 1 else 2 end, excluded.told_at, excluded.state, excluded.amount);
  if not found then return jsonb_build_object('outcome', 'known'); end if;
  return billing_stars.follow_charges(w, pid, by_event, by_provider, by_actor);
end;
end
$$;
revoke all on function billing_stars.claim from public;
grant execute on function billing_stars.claim to billing_stars_app;

create function billing_stars.move_paid_stars(w billing_stars.wallets, b billing_stars.payments, moved bigint, by_event text, by_actor text)
returns void language plpgsql as $$
declare
  g billing_stars.grants;
  after billing_stars.wallets;
  entry billing_stars.ledger_transactions;
  amount bigint := -moved;
  owed bigint := least(amount, b.refunded_stars - b.taken_monthly - b.taken_package);
  monthly bigint;
  package bigint;
  pays bigint := least(owed, w.overdraft);
begin
  select * into strict g from billing_stars.grants x where x.org_id = w.org_id and x.source = b.grant_source;
  if moved > 0 then
    perform billing_stars.take_back(w, g, 'refund:' || by_event, moved, by_actor);
    select * into strict after from billing_stars.wallets x where x.org_id = w.org_id and x.id = w.org_id;
    monthly := after.monthly_balance - w.monthly_balance;
    package := after.package_balance - w.package_balance;
  else
    if g.compartment = 'monthly' then
      package := least(amount - owed, b.taken_package);
      monthly := amount - owed - package;
    else
      monthly := least(amount - owed, b.taken_monthly);
      package := amount - owed - monthly;
    end if;
    entry.kind := 'reinstatement';
    entry.actor := by_actor;
    entry.grant_id := g.id;
    entry.idempotency_key := 'reinstated:' || by_event;
    entry.period := w.period;
    insert into billing_stars.reversals (org_id, id, source, grant_id, stars, reversed_by, reversed_at)
      values (w.org_id, uuidv7(), entry.idempotency_key, g.id, moved, by_actor, w.moment);
    w := billing_stars.post(w, entry, array['overdraft', 'monthly', 'package', 'granted'], array[pays, monthly, package + owed - pays, moved]);
    perform billing_stars.watch_wallet(billing_stars.repay(w, by_actor));
  end if;
  update billing_stars.payments x set refunded_stars = x.refunded_stars + moved, taken_monthly = x.taken_monthly - monthly, taken_package = x.taken_package - package
    where x.org_id = w.org_id and x.id = b.id;
end
$$;
revoke all on function billing_stars.move_paid_stars from public;

create function billing_stars.end_unpaid_plan(w billing_stars.wallets, b billing_stars.payments, becomes text)
returns void language plpgsql as $$
declare
  ends boolean := becomes = 'refunded';
begin
  if b.kind = 'pack' or ends = (b.state = 'refunded') or not (ends or b.ended_plan) then return; end if;
  update billing_stars.subscriptions s set changes = ends, next_plan = null, next_stars = 0, next_cents = 0
    where s.org_id = w.org_id and s.id = w.org_id and s.plan = b.item and (s.changes and s.next_plan is null) <> ends;
  update billing_stars.payments x set ended_plan = ends and found where x.org_id = w.org_id and x.id = b.id;
end
$$;
revoke all on function billing_stars.end_unpaid_plan from public;

create function billing_stars.follow_charges(w billing_stars.wallets, pid uuid, by_event text, by_provider text, by_actor text)
returns jsonb language plpgsql as $$
declare
  b billing_stars.payments;
  paid bigint;
  back bigint;
  held bigint;
  kept bigint;
  moved bigint := 0;
  is_complete boolean;
  is_new boolean;
  is_surplus boolean;
  becomes text;
begin
  perform billing_stars.weigh_charges(w, pid);
  select * into strict b from billing_stars.payments x where x.org_id = w.org_id and x.id = pid;
  select coalesce(sum(c.cents), 0), coalesce(sum(n.back), 0), coalesce(sum(n.gone - n.back), 0) into paid, back, held
    from billing_stars.charges c
    cross join lateral (select div(c.cents::numeric * (c.refunded + c.lost), c.amount) as back, div(c.cents::numeric * (c.refunded + c.lost + c.disputed), c.amount) as gone) n
    where c.org_id = w.org_id and c.payment_id = pid and c.paid_at is not null and c.currency = b.currency;
  kept := paid - back - held;
  is_complete := b.paid_at is not null or paid >= b.cents and w.standing <> 'closed';
  is_new := is_complete and b.paid_at is null;
  becomes := case when not is_complete then b.state when kept >= b.cents then 'paid' when held > 0 then 'disputed' when kept = 0 then 'refunded' else 'paid' end;
  if is_new and b.kind <> 'renewal' then
    w := billing_stars.book_grant(w, b.grant_source, case b.kind when 'plan' then 'monthly' else 'package' end, b.stars, by_actor);
  end if;
  if is_new and b.kind = 'plan' then
    perform billing_stars.take_plan(w, b.item, b.plan_stars, b.plan_cents);
    w := billing_stars.watch_wallet(w);
  end if;
  if is_complete then moved := div(b.stars::numeric * greatest(0, b.cents - kept), b.cents) - b.refunded_stars; end if;
  if moved <> 0 then perform billing_stars.move_paid_stars(w, b, moved, by_event, by_actor); end if;
  update billing_stars.payments x set state = becomes, paid_cents = paid, refunded_cents = back, disputed_cents = held,
      paid_at = case when is_new then w.moment else x.paid_at end, paid_by = case when is_new then by_actor else x.paid_by end,
      provider = case when is_new then by_provider else x.provider end, checkout_url = case when not is_complete then x.checkout_url end
    where x.org_id = w.org_id and x.id = pid;
  perform billing_stars.end_unpaid_plan(w, b, becomes);
  is_surplus := kept > case when is_complete then b.cents else 0 end or exists (select from billing_stars.charges c where c.org_id = w.org_id and c.payment_id = pid
    and c.paid_at is not null and c.currency <> b.currency and c.amount > c.refunded + c.lost + c.disputed);
  if is_surplus then
    insert into billing_stars.overpayments (org_id, payment_id, noted_at) values (w.org_id, pid, w.moment) on conflict do nothing;
    is_surplus := found or kept > b.paid_cents - b.refunded_cents - b.disputed_cents;
  else
    delete from billing_stars.overpayments o where o.org_id = w.org_id and o.payment_id = pid;
  end if;
  return jsonb_build_object('outcome', 'noted', 'paid', is_new, 'surplus', is_surplus, 'item', b.item, 'stars', b.stars, 'cents', b.cents,
    'moved', moved, 'gone_cents', back + held - b.refunded_cents - b.disputed_cents, 'kept_cents', kept);
end
$$;
revoke all on function billing_stars.follow_charges from public;

create function billing_stars.find_overpayments()
returns table (org_id uuid, payment_id uuid) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select o.org_id, o.payment_id from billing_stars.overpayments o order by o.noted_at, o.payment_id limit 100;
end
$$;
revoke all on function billing_stars.find_overpayments from public;
grant execute on function billing_stars.find_overpayments to billing_stars_app;

create function billing_stars.renew_plan(w billing_stars.wallets, resumed boolean)
returns billing_stars.wallets language plpgsql as $$
declare
  s billing_stars.subscriptions;
  of_month text := 'plan:' || w.period;
  bill uuid := uuidv7();
  month_days int := extract(day from date_trunc('month', w.day::timestamp) + interval '1 month - 1 day');
  days_left int := case when resumed then month_days - extract(day from w.day)::int + 1 else month_days end;
begin
  if w.standing = 'suspended' then return w; end if;
  select * into s from billing_stars.subscriptions x where x.org_id = w.org_id and x.id = w.org_id;
  if not found or (s.plan is null and not s.changes) then return w; end if;
  if w.standing = 'closed' or exists (select from billing_stars.payments b where b.org_id = w.org_id and b.kind = 'renewal' and b.state = 'open' and b.period < w.period) then
    perform billing_stars.take_plan(w, null, 0, 0);
    return w;
  end if;
  if s.changes then
    perform billing_stars.take_plan(w, s.next_plan, s.next_stars, s.next_cents);
    s.plan := s.next_plan;
    s.stars := s.next_stars;
    s.cents := s.next_cents;
  end if;
  if s.plan is null then return w; end if;
  s.stars := (s.stars * days_left + month_days - 1) / month_days;
  s.cents := s.cents * days_left / month_days;
  insert into billing_stars.payments (org_id, id, kind, item, stars, cents, currency, state, grant_source, period, ordered_by, ordered_at)
    select w.org_id, bill, 'renewal', s.plan, s.stars, s.cents, billing_stars.currency(), 'open', of_month, w.period, 'system:billing-stars', w.moment
    where not exists (select from billing_stars.grants g where g.org_id = w.org_id and g.source = of_month);
  if not found then return w; end if;
  perform billing_stars.remember_payment(bill::text, w.org_id, bill);
  return billing_stars.watch_wallet(billing_stars.book_grant(w, of_month, 'monthly', s.stars, 'system:billing-stars'));
end
$$;
revoke all on function billing_stars.renew_plan from public;

create or replace function billing_stars.ledger_findings() returns table (equation text, org_id uuid, subject text, expected text, actual text) language sql stable as $$
with wallet as materialized (select * from billing_stars.wallets),
hold as materialized (select * from billing_stars.holds),
entry as materialized (select * from billing_stars.ledger_entries),
move as materialized (select * from billing_stars.ledger_transactions),
counter as materialized (select * from billing_stars.cap_counters),
account as (select org_id, account, sum(debit - credit) as sum from entry group by 1, 2),
layer as (
  select h.org_id, 'org_month' as layer, h.period as starts, 'org' as subject, h.settled, h.overrun, h.stars, h.state from hold h
  union all select h.org_id, 'agent_day', h.day, h.agent_id::text, h.settled, h.overrun, h.stars, h.state from hold h
  union all select h.org_id, 'user_agent_month', h.period, h.agent_id::text || '/' || h.person_id::text, h.settled, h.overrun, h.stars, h.state from hold h where h.person_id is not null),
usage as (
  select l.org_id, l.layer, l.starts, l.subject, sum(l.settled) as spent, sum(l.overrun) as overrun, coalesce(sum(l.stars) filter (where l.state = 'open'), 0) as held
  from layer l group by 1, 2, 3, 4),
charge as (
  select m.org_id, m.period, m.day, m.agent_id, m.person_id, e.debit as stars from move m join entry e on e.org_id = m.org_id and e.transaction_id = m.id
  where m.kind in ('charge', 'late_charge') and e.account = 'used'),
paid as (
  select c.org_id, c.payment_id, sum(c.cents) as paid, sum(div(c.cents::numeric * (c.refunded + c.lost), c.amount)) as back, sum(div(c.cents::numeric * (c.refunded + c.lost + c.disputed), c.amount)) as gone
  from billing_stars.charges c join billing_stars.payments b on b.org_id = c.org_id and b.id = c.payment_id and b.currency = c.currency group by 1, 2),
taken as (
  select g.org_id, g.source, sum(r.stars) as stars from billing_stars.grants g join billing_stars.reversals r on r.org_id = g.org_id and r.grant_id = g.id
  where r.source ~ '^(refund|reinstated):' group by 1, 2),
posted as (
  select c.org_id, 'org_month' as layer, c.period as starts, 'org' as subject, sum(c.stars) as spent from charge c group by 1, 3
  union all select c.org_id, 'agent_day', c.day, c.agent_id::text, sum(c.stars) from charge c group by 1, 3, 4
  union all select c.org_id, 'user_agent_month', c.period, c.agent_id::text || '/' || c.person_id::text, sum(c.stars) from charge c where c.person_id is not null group by 1, 3, 4),
finding (equation, org_id, subject, expected, actual) as (
  select 'debits = credits', e.org_id, e.transaction_id::text, sum(e.debit)::text, sum(e.credit)::text from entry e group by 2, 3 having sum(e.debit) <> sum(e.credit) or count(*) < 2
  union all select 'every transaction has entries', m.org_id, m.id::text, '> 0', '0' from move m where not exists (select from entry e where e.org_id = m.org_id and e.transaction_id = m.id)
  union all select 'ledger without gaps', w.org_id, w.org_id::text, w.ledger_seq::text, m.n::text || ' up to ' || m.top::text
    from wallet w left join (select x.org_id, count(*) as n, max(x.seq) as top from move x group by 1) m on m.org_id = w.org_id
    where (coalesce(m.n, 0), coalesce(m.top, 0)) <> (w.ledger_seq, w.ledger_seq)
  union all 
  select 'wallet monthly = ledger', w.org_id, w.org_id::text, (1 * coalesce(a.sum, 0))::text, w.monthly_balance::text
  from wallet w left join account a on a.org_id = w.org_id and a.account = 'monthly' where w.monthly_balance <> 1 * coalesce(a.sum, 0)
  union all 
  select 'wallet package = ledger', w.org_id, w.org_id::text, (1 * coalesce(a.sum, 0))::text, w.package_balance::text
  from wallet w left join account a on a.org_id = w.org_id and a.account = 'package' where w.package_balance <> 1 * coalesce(a.sum, 0)
  union all 
  select 'wallet carried = ledger', w.org_id, w.org_id::text, (1 * coalesce(a.sum, 0))::text, w.carried::text
  from wallet w left join account a on a.org_id = w.org_id and a.account = 'carried' where w.carried <> 1 * coalesce(a.sum, 0)
  union all 
  select 'wallet overdraft = ledger', w.org_id, w.org_id::text, (-1 * coalesce(a.sum, 0))::text, w.overdraft::text
  from wallet w left join account a on a.org_id = w.org_id and a.account = 'overdraft' where w.overdraft <> -1 * coalesce(a.sum, 0)
  union all select 'held = open holds', w.org_id, w.org_id::text, concat_ws(' ', coalesce(h.monthly, 0), coalesce(h.package, 0), coalesce(h.carried, 0)), concat_ws(' ', w.monthly_held, w.package_held, w.carried)
    from wallet w left join (
      select x.org_id, sum(case when x.period = y.period then x.from_monthly else 0 end) as monthly, sum(x.from_package) as package,
        sum(case when x.period < y.period then x.from_monthly else 0 end) as carried
      from hold x join wallet y on y.org_id = x.org_id where x.state = 'open' group by 1) h on h.org_id = w.org_id
    where (coalesce(h.monthly, 0), coalesce(h.package, 0), coalesce(h.carried, 0)) <> (w.monthly_held, w.package_held, w.carried)
  union all select 'granted = grants - reversals', w.org_id, w.org_id::text, coalesce(g.sum, 0)::text, coalesce(-a.sum, 0)::text
    from wallet w left join account a on a.org_id = w.org_id and a.account = 'granted'
    left join (
      select s.org_id, sum(s.stars) as sum from (select org_id, stars from billing_stars.grants union all select org_id, -stars from billing_stars.reversals) s group by 1) g on g.org_id = w.org_id
    where coalesce(g.sum, 0) <> coalesce(-a.sum, 0)
  union all select 'order = its charges', b.org_id, b.id::text, concat_ws(' ', coalesce(p.paid, 0), coalesce(p.back, 0), coalesce(p.gone - p.back, 0)), concat_ws(' ', b.paid_cents, b.refunded_cents, b.disputed_cents)
    from billing_stars.payments b left join paid p on p.org_id = b.org_id and p.payment_id = b.id
    where (coalesce(p.paid, 0), coalesce(p.back, 0), coalesce(p.gone - p.back, 0)) <> (b.paid_cents, b.refunded_cents, b.disputed_cents) or b.paid_at is not null and b.paid_cents < b.cents
  union all select 'Stars taken back = money that went back', b.org_id, b.id::text, d.stars::text, concat_ws(' ', b.refunded_stars, coalesce(t.stars, 0))
    from billing_stars.payments b left join taken t on t.org_id = b.org_id and t.source = b.grant_source
    cross join lateral (select case when b.paid_at is null then 0 else div(b.stars::numeric * greatest(0, b.cents - b.paid_cents + b.refunded_cents + b.disputed_cents), b.cents) end as stars) d
    where (d.stars, d.stars) <> (b.refunded_stars, coalesce(t.stars, 0))
  union all select 'used = settled holds', w.org_id, w.org_id::text, coalesce(h.sum, 0)::text, coalesce(a.sum, 0)::text
    from wallet w left join account a on a.org_id = w.org_id and a.account = 'used'
    left join (select x.org_id, sum(x.settled) as sum from hold x group by 1) h on h.org_id = w.org_id where coalesce(h.sum, 0) <> coalesce(a.sum, 0)
  union all select 'one charge per settled hold', coalesce(h.org_id, c.org_id), coalesce(h.id, c.hold_id)::text, h.settled::text, concat_ws(' of ', c.n, c.stars)
    from hold h full join (
      select m.org_id, m.hold_id, count(*) as n, sum(e.debit) as stars from move m join entry e on e.org_id = m.org_id and e.transaction_id = m.id
      where e.account = 'used' group by 1, 2) c on c.org_id = h.org_id and c.hold_id = h.id
    where coalesce(c.stars, 0) is distinct from h.settled or coalesce(c.n, 0) <> (h.settled > 0)::int
  union all select 'counters = holds', coalesce(u.org_id, k.org_id), concat_ws(' ', coalesce(u.layer, k.layer), coalesce(u.starts, k.starts), coalesce(u.subject, k.subject)),
      concat_ws(' ', u.spent, u.overrun, u.held), concat_ws(' ', k.spent, k.overrun, k.held)
    from usage u full join counter k on k.org_id = u.org_id and k.layer = u.layer and k.starts = u.starts and k.subject = u.subject
    where (u.spent, u.overrun, u.held) is distinct from (k.spent::numeric, k.overrun::numeric, k.held::numeric)
  union all select 'counters = ledger', k.org_id, concat_ws(' ', k.layer, k.starts, k.subject), coalesce(p.spent, 0)::text, k.spent::text
    from counter k left join posted p on p.org_id = k.org_id and p.layer = k.layer and p.starts = k.starts and p.subject = k.subject where k.spent <> coalesce(p.spent, 0)
  union all select 'spent + held ≤ cap, but for overruns', k.org_id, concat_ws(' ', k.layer, k.starts, k.subject), k.allowed::text, (k.spent - k.overrun + k.held)::text
    from counter k where k.spent - k.overrun + k.held > k.allowed
  union all select 'held ≤ balance', w.org_id, w.org_id::text, concat_ws(' ', w.monthly_balance, w.package_balance), concat_ws(' ', w.monthly_held, w.package_held)
    from wallet w where w.monthly_held > w.monthly_balance or w.package_held > w.package_balance)
select * from finding
$$;
revoke all on function billing_stars.ledger_findings from public;
grant execute on function billing_stars.ledger_findings to billing_stars_app, billing_stars_checker;
