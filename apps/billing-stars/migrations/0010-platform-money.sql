alter table billing_stars.payment_references add column noted_at timestamptz(6) not null default clock_timestamp();
alter table billing_stars.payment_references alter column noted_at drop default;
alter table billing_stars.payment_references drop constraint payment_references_pkey;
-- What is longer than a reference was not written by the service; its digest fits. The table is written anew: a key is made of rows
-- that were changed just now, too.
alter table billing_stars.payment_references alter column reference type text
  using case when octet_length(reference) > 2000 then encode(sha256(convert_to(reference, 'UTF8')), 'hex') else reference end;
alter table billing_stars.payment_references add constraint payment_references_pkey primary key (reference, org_id);

create or replace function billing_stars.append_audit(entry_id uuid, actor text, action text, outcome text, subject text, detail jsonb, request_id text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
  head billing_stars.audit_heads;
  moment timestamptz := clock_timestamp();
  link text;
begin
  actor := tenancy.acting(actor);
  select * into head from billing_stars.audit_heads h where h.org_id = org and h.id = org for update;
  if not found then
    insert into billing_stars.audit_heads (org_id, id, seq, hash) values (org, org, 0, repeat('0', 64)) on conflict do nothing;
    select * into strict head from billing_stars.audit_heads h where h.org_id = org and h.id = org for update;
  end if;
  link := encode(sha256(convert_to(jsonb_build_array(head.hash, org, head.seq + 1, extract(epoch from moment)::text,
    actor, action, outcome, subject, detail, request_id)::text, 'UTF8')), 'hex');
  insert into billing_stars.audit_entries (org_id, id, seq, at, actor, action, outcome, subject, detail, request_id, hash)
    values (org, entry_id, head.seq + 1, moment, actor, action, outcome, subject, detail, request_id, link);
  update billing_stars.audit_heads h set seq = head.seq + 1, hash = link where h.org_id = org and h.id = org;
end $$;

create or replace function billing_stars.warn_wallet(w billing_stars.wallets)
returns billing_stars.wallets language plpgsql as $$
declare
  of billing_stars.warnings;
  free bigint := w.monthly_balance - w.monthly_held + w.package_balance - w.package_held;
  threshold int;
begin
  foreach threshold in array array[50, 80, 100] loop
    if threshold > w.warned and free <= billing_stars.warn_level(w.allotted, threshold - 1) then
      of.layer := 'wallet';
      of.subject := 'org';
      of.starts := w.period;
      of.threshold := threshold;
      of.stars := w.allotted;
      of.used := w.allotted - free;
      perform billing_stars.warn(w, of);
      w.warned := threshold;
    end if;
  end loop;
  update billing_stars.wallets x set warned = w.warned, warn_at = billing_stars.warn_level(w.allotted, w.warned)
    where x.org_id = w.org_id and x.id = w.org_id returning x.* into strict w;
  return w;
end
$$;

drop function billing_stars.open_wallet(text, text);

create function billing_stars.open_wallet(for_org uuid, zone text, by_actor text)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
declare
  instant timestamptz := billing_stars.clock();
  today date := (instant at time zone zone)::date;
  newest int := billing_stars.newest_prices();
begin
  insert into billing_stars.wallets (org_id, id, state, time_zone, period, day, moment, price_version, opened_at)
    values (org, org, 'active', zone, date_trunc('month', today)::date, today, instant, newest, instant) on conflict do nothing;
  if not found then return false; end if;
  perform billing_stars.adopt_prices(org, newest, today);
  perform billing_stars.grant_stars(org, 'welcome', 'package', 500, by_actor);
  return true;
end;
end
$$;
revoke all on function billing_stars.open_wallet from public;
grant execute on function billing_stars.open_wallet to billing_stars_app;

create or replace function billing_stars.set_time_zone(zone text)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
declare
  w billing_stars.wallets;
begin
  perform tenancy.acting('system:orgs');
  w := billing_stars.enter_wallet(org);
  perform billing_stars.clock() at time zone zone;
  update billing_stars.wallets x set time_zone = zone, moment = w.moment where x.org_id = w.org_id and x.id = w.org_id returning x.* into w;
  if not found then return false; end if;
  perform billing_stars.watch_wallet(w);
  return true;
end;
end
$$;

create or replace function billing_stars.set_standing(becomes text)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
begin
  perform tenancy.acting('system:orgs');
  update billing_stars.wallets x set standing = becomes where x.org_id = org and x.id = org and x.standing not in ('closed', becomes);
  return found;
end;
end
$$;

create or replace function billing_stars.follow_org(zone text, becomes text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
begin
  perform tenancy.acting('system:orgs');
  if exists (select from billing_stars.wallets x where x.org_id = org and x.id = org and x.time_zone <> zone) then
    perform billing_stars.set_time_zone(zone);
  end if;
  update billing_stars.wallets x set standing = becomes where x.org_id = org and x.id = org and x.standing not in ('closed', becomes);
end;
end
$$;

create or replace function billing_stars.sweep_wallet()
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
begin
  if w.org_id is null then
    delete from billing_stars.wallet_watch d where d.org_id = org;
  elsif w.monthly_balance - w.monthly_held + w.package_balance - w.package_held <= w.warn_at then
    perform billing_stars.warn_wallet(w);
  end if;
end;
end
$$;

drop function billing_stars.grant_stars(text, text, bigint, text);

create function billing_stars.grant_stars(for_org uuid, grant_source text, into_compartment text, amount bigint, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
  if w.org_id is null then return jsonb_build_object('outcome', 'no_wallet'); end if;
  select * into g from billing_stars.grants x where x.org_id = w.org_id and x.source = grant_source;
  if found then
    if g.stars <> amount or g.compartment <> into_compartment then return jsonb_build_object('outcome', 'source_reused'); end if;
    return jsonb_build_object('outcome', 'granted', 'id', g.id, 'new', false);
  end if;
  w := billing_stars.book_grant(w, grant_source, into_compartment, amount, by_actor);
  select * into strict g from billing_stars.grants x where x.org_id = w.org_id and x.source = grant_source;
  if into_compartment = 'monthly' then perform billing_stars.watch_wallet(w); end if;
  return jsonb_build_object('outcome', 'granted', 'id', g.id, 'new', true);
end;
end
$$;
revoke all on function billing_stars.grant_stars from public;
grant execute on function billing_stars.grant_stars to billing_stars_app;

drop function billing_stars.reverse_grant(text, text, bigint, text);

create function billing_stars.reverse_grant(for_org uuid, reversal_source text, granted_source text, amount bigint, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
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
  if w.org_id is null then return jsonb_build_object('outcome', 'no_wallet'); end if;
  select * into g from billing_stars.grants x where x.org_id = w.org_id and x.source = granted_source;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  select * into r from billing_stars.reversals x where x.org_id = w.org_id and x.source = reversal_source;
  if found then
    if r.stars <> amount or r.grant_id <> g.id then return jsonb_build_object('outcome', 'source_reused'); end if;
    return jsonb_build_object('outcome', 'reversed', 'id', r.id, 'new', false);
  end if;
  if amount + (select coalesce(sum(x.stars), 0) from billing_stars.reversals x where x.org_id = w.org_id and x.grant_id = g.id) > g.stars then
    return jsonb_build_object('outcome', 'too_much');
  end if;
  r.id := billing_stars.take_back(w, g, reversal_source, amount, by_actor);
  return jsonb_build_object('outcome', 'reversed', 'id', r.id, 'new', true);
end;
end
$$;
revoke all on function billing_stars.reverse_grant from public;
grant execute on function billing_stars.reverse_grant to billing_stars_app;

create or replace function billing_stars.repay_overdraft(by_actor text)
returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
begin
  if w.org_id is null then return null; end if;
  return (billing_stars.repay(w, by_actor)).overdraft;
end;
end
$$;

create or replace function billing_stars.remember_payment(by_reference text, org uuid, payment uuid)
returns void language plpgsql as $$
begin
  insert into billing_stars.payment_references (reference, org_id, payment_id, noted_at) values (by_reference, org, payment, clock_timestamp()) on conflict (reference, org_id) do nothing;
  if not exists (select from billing_stars.payment_references r where r.reference = by_reference and r.org_id = org and r.payment_id = payment) then
    raise exception 'the reference belongs to another payment' using errcode = '23505';
  end if;
end
$$;

create or replace function billing_stars.find_payment(by_reference text)
returns table (org_id uuid, payment_id uuid) language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select r.org_id, r.payment_id from billing_stars.payment_references r where r.reference = by_reference order by r.noted_at limit 1;
end
$$;

drop function billing_stars.order_payment(uuid, text, text, bigint, bigint, bigint, bigint, text, date, text, text, text, timestamptz, text);

create function billing_stars.order_payment(pid uuid, of_kind text, of_item text, of_stars bigint, of_cents bigint, expected_plan text, expected_period date, by_provider text, by_reference text, url text, until timestamptz, by_actor text)
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
  if exists (select from billing_stars.payment_references r where r.reference = by_reference and r.org_id = w.org_id) then return 'taken'; end if;
  select * into terms from billing_stars.terms_of(w, of_kind, of_item);
  if terms.stars is distinct from of_stars or terms.cents is distinct from of_cents then return 'changed'; end if;
  if of_kind = 'plan' then
    if w.period <> expected_period or (select s.plan from billing_stars.subscriptions s where s.org_id = w.org_id and s.id = w.org_id) is distinct from expected_plan then return 'changed'; end if;
    update billing_stars.payments b set state = 'void' where b.org_id = w.org_id and b.kind = 'plan' and b.state = 'open';
  end if;
  insert into billing_stars.payments (org_id, id, kind, item, stars, cents, currency, plan_stars, plan_cents, state, provider, checkout_url, checkout_until, grant_source, period, ordered_by, ordered_at)
    values (w.org_id, pid, of_kind, of_item, of_stars, of_cents, billing_stars.currency(), terms.month_stars, terms.month_cents, 'open', by_provider, url, until, 'payment:' || pid, w.period, by_actor, w.moment);
  perform billing_stars.remember_payment(pid::text, w.org_id, pid);
  if by_reference is not null then perform billing_stars.remember_payment(by_reference, w.org_id, pid); end if;
  return 'ordered';
end;
end
$$;
revoke all on function billing_stars.order_payment from public;
grant execute on function billing_stars.order_payment to billing_stars_app;

drop function billing_stars.pay(uuid, text, bigint, text, text, text, text);

create function billing_stars.pay(for_org uuid, pid uuid, by_event text, paid_cents bigint, in_currency text, by_provider text, by_reference text, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
  b billing_stars.payments;
begin
  select * into b from billing_stars.payments x where x.org_id = w.org_id and x.id = pid;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  insert into billing_stars.payment_events (org_id, id, event_id, payment_id, what, at) values (w.org_id, uuidv7(), by_event, pid, 'paid', w.moment) on conflict (org_id, event_id) do nothing;
  if not found then return jsonb_build_object('outcome', 'known'); end if;
  if paid_cents is distinct from b.cents or upper(in_currency) is distinct from b.currency then return jsonb_build_object('outcome', 'another_amount'); end if;
  if by_reference is not null then perform billing_stars.remember_payment(by_reference, w.org_id, pid); end if;
  if b.paid_at is not null then return jsonb_build_object('outcome', 'known'); end if;
  update billing_stars.payments x set state = 'paid', provider = by_provider, paid_by = by_actor, paid_at = w.moment, checkout_url = null where x.org_id = w.org_id and x.id = pid;
  if b.kind <> 'renewal' then
    w := billing_stars.book_grant(w, b.grant_source, case b.kind when 'plan' then 'monthly' else 'package' end, b.stars, by_actor);
  end if;
  if b.kind = 'plan' then
    perform billing_stars.take_plan(w, b.item, b.plan_stars, b.plan_cents);
    perform billing_stars.watch_wallet(w);
  end if;
  return jsonb_build_object('outcome', 'paid', 'kind', b.kind, 'item', b.item, 'stars', b.stars, 'cents', b.cents);
end;
end
$$;
revoke all on function billing_stars.pay from public;
grant execute on function billing_stars.pay to billing_stars_app;

drop function billing_stars.refund(uuid, text, bigint, text);

create function billing_stars.refund(for_org uuid, pid uuid, by_event text, back_cents bigint, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(for_org);
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
  b billing_stars.payments;
  g billing_stars.grants;
  back bigint;
begin
  select * into b from billing_stars.payments x where x.org_id = w.org_id and x.id = pid;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if b.paid_at is null then return jsonb_build_object('outcome', 'not_paid'); end if;
  if back_cents is null or back_cents < 1 or back_cents > b.cents then return jsonb_build_object('outcome', 'another_amount'); end if;
  insert into billing_stars.payment_events (org_id, id, event_id, payment_id, what, at) values (w.org_id, uuidv7(), by_event, pid, 'refunded', w.moment) on conflict (org_id, event_id) do nothing;
  if not found or back_cents <= b.refunded_cents then return jsonb_build_object('outcome', 'known'); end if;
  back := b.stars * back_cents / b.cents - b.refunded_stars;
  if back > 0 then
    select * into strict g from billing_stars.grants x where x.org_id = w.org_id and x.source = b.grant_source;
    perform billing_stars.take_back(w, g, 'refund:' || by_event, back, by_actor);
  end if;
  update billing_stars.payments x set refunded_cents = back_cents, refunded_stars = x.refunded_stars + back, state = case when back_cents = x.cents then 'refunded' else x.state end
    where x.org_id = w.org_id and x.id = pid;
  if back_cents = b.cents and b.kind <> 'pack' then
    update billing_stars.subscriptions s set changes = true, next_plan = null, next_stars = 0, next_cents = 0
      where s.org_id = w.org_id and s.id = w.org_id and s.plan = b.item;
  end if;
  return jsonb_build_object('outcome', 'refunded', 'stars', back, 'cents', back_cents - b.refunded_cents);
end;
end
$$;
revoke all on function billing_stars.refund from public;
grant execute on function billing_stars.refund to billing_stars_app;

create function billing_stars.offers() returns table (kind text, item text, stars bigint, cents bigint) language sql immutable as $$
  values ('plan', 'starter', 2000::bigint, 1900::bigint), ('plan', 'team', 10000::bigint, 7900::bigint), ('plan', 'scale', 50000::bigint, 29900::bigint), ('pack', 'pack-1000', 1000::bigint, 1200::bigint), ('pack', 'pack-5000', 5000::bigint, 4900::bigint), ('pack', 'pack-20000', 20000::bigint, 15900::bigint)
$$;
revoke all on function billing_stars.offers from public;

create function billing_stars.terms_of(w billing_stars.wallets, of_kind text, of_item text)
returns table (stars bigint, cents bigint, month_stars bigint, month_cents bigint) language plpgsql as $$
declare
  s billing_stars.subscriptions;
  month_days int := extract(day from date_trunc('month', w.day::timestamp) + interval '1 month - 1 day');
  days_left int := month_days - extract(day from w.day)::int + 1;
begin
  select * into s from billing_stars.subscriptions x where x.org_id = w.org_id and x.id = w.org_id;
  s.stars := coalesce(s.stars, 0);
  s.cents := coalesce(s.cents, 0);
  return query select case of_kind when 'plan' then ((o.stars - s.stars) * days_left + month_days - 1) / month_days else o.stars end,
      case of_kind when 'plan' then (o.cents - s.cents) * days_left / month_days else o.cents end,
      case of_kind when 'plan' then o.stars end, case of_kind when 'plan' then o.cents end
    from billing_stars.offers() o where o.kind = of_kind and o.item = of_item and (of_kind = 'pack' or o.stars > s.stars);
end
$$;
revoke all on function billing_stars.terms_of from public;

drop function billing_stars.schedule_plan(text, text, bigint, bigint);

create function billing_stars.schedule_plan(expected text, becomes text)
returns text language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
  held billing_stars.subscriptions;
  offer record;
begin
  if w.org_id is null then return 'no_wallet'; end if;
  select * into held from billing_stars.subscriptions s where s.org_id = w.org_id and s.id = w.org_id;
  if held.plan is distinct from expected then return 'changed'; end if;
  select * into offer from billing_stars.offers() o where o.kind = 'plan' and o.item = becomes;
  if becomes is not null and (offer.stars is null or offer.stars > coalesce(held.stars, 0)) then
    raise exception 'a larger plan is paid for first' using errcode = '42501';
  end if;
  update billing_stars.payments b set state = 'void' where b.org_id = w.org_id and b.kind = 'plan' and b.state = 'open';
  update billing_stars.subscriptions s set changes = becomes is distinct from s.plan,
      next_plan = case when becomes is distinct from s.plan then becomes end,
      next_stars = case when becomes is distinct from s.plan then coalesce(offer.stars, 0) else 0 end,
      next_cents = case when becomes is distinct from s.plan then coalesce(offer.cents, 0) else 0 end
    where s.org_id = w.org_id and s.id = w.org_id;
  return 'scheduled';
end;
end
$$;
revoke all on function billing_stars.schedule_plan from public;
grant execute on function billing_stars.schedule_plan to billing_stars_app;

create or replace function billing_stars.set_cap(for_layer text, agent uuid, person uuid, cap bigint, if_match int, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  c billing_stars.caps;
begin
  if cap is not null then perform billing_stars.check_stars(cap, 0); end if;
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return jsonb_build_object('outcome', 'no_wallet'); end if;
  select * into c from billing_stars.caps x where x.org_id = w.org_id and x.layer = for_layer and x.subject = billing_stars.cap_subject(for_layer, agent, person) for update;
  if if_match is not null and if_match is distinct from c.version then return jsonb_build_object('outcome', 'changed'); end if;
  insert into billing_stars.caps as x (org_id, id, layer, subject, agent_id, person_id, stars, changed_by, changed_at)
    values (w.org_id, uuidv7(), for_layer, billing_stars.cap_subject(for_layer, agent, person), agent, person, cap, by_actor, w.moment)
    on conflict (org_id, layer, subject) do update set stars = excluded.stars, version = x.version + 1, changed_by = excluded.changed_by, changed_at = excluded.changed_at
    returning x.* into c;
  return jsonb_build_object('outcome', 'set', 'id', c.id);
end;
end
$$;

create or replace function billing_stars.raise_cap(for_layer text, agent uuid, person uuid, raised bigint, until timestamptz, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  c billing_stars.caps;
  of_subject text := billing_stars.cap_subject(for_layer, agent, person);
begin
  perform billing_stars.check_stars(raised, 1);
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return jsonb_build_object('outcome', 'no_wallet'); end if;
  if until <= w.moment then return jsonb_build_object('outcome', 'over'); end if;
  select * into c from billing_stars.caps x where x.org_id = w.org_id and x.layer = for_layer and x.subject in (of_subject, '*')
    order by x.subject = '*' limit 1 for update;
  if c.id is null and for_layer = 'agent_day' then c.stars := 1000; end if;
  if c.stars is null then return jsonb_build_object('outcome', 'no_cap'); end if;
  insert into billing_stars.caps as x (org_id, id, layer, subject, agent_id, person_id, stars, raise_to, raise_until, changed_by, changed_at)
    values (w.org_id, uuidv7(), for_layer, of_subject, agent, person, c.stars, raised, until, by_actor, w.moment)
    on conflict (org_id, layer, subject) do update set raise_to = excluded.raise_to, raise_until = excluded.raise_until, version = x.version + 1,
      changed_by = excluded.changed_by, changed_at = excluded.changed_at
    returning x.* into c;
  return jsonb_build_object('outcome', 'set', 'id', c.id);
end;
end
$$;

create or replace function billing_stars.reserve(key text, hash text, amount bigint, agent uuid, person uuid, run uuid, price int, ttl int, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  h billing_stars.holds;
  asked record;
  allowed_by bigint[] := '{}';
  counters uuid[] := '{}';
  crosses boolean := false;
  monthly bigint;
begin
  if amount is null or amount < 1 or amount > 1000000000 then perform billing_stars.check_stars(amount, 1); end if;
  if ttl is null or ttl < 1 or ttl > 3600 then raise exception 'a hold lasts 1 to 3600 seconds' using errcode = '22003'; end if;
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return jsonb_build_object('outcome', 'refused', 'layer', 'wallet', 'reason', 'no_wallet', 'cap', 0, 'used', 0); end if;
  select * into h from billing_stars.holds x where x.org_id = w.org_id and x.idempotency_key = key;
  if found then
    if h.request_hash <> hash then return jsonb_build_object('outcome', 'key_reused'); end if;
    return billing_stars.reserved(h);
  end if;
  if price is distinct from w.price_version then return jsonb_build_object('outcome', 'price_changed', 'price_version', w.price_version); end if;
  if w.standing <> 'open' then
    return jsonb_build_object('outcome', 'refused', 'layer', 'wallet', 'reason', w.standing, 'cap', 0, 'used', 0);
  end if;
  if w.state = 'owing' then
    return jsonb_build_object('outcome', 'refused', 'layer', 'wallet', 'reason', 'owing', 'cap', 0, 'used', w.overdraft);
  end if;
  if w.monthly_balance - w.monthly_held + w.package_balance - w.package_held < amount then
    return jsonb_build_object('outcome', 'refused', 'layer', 'wallet', 'reason', 'balance', 'cap', w.monthly_balance + w.package_balance, 'used', w.monthly_held + w.package_held);
  end if;
  for asked in
    select l.layer as name, k.id as counter, coalesce(k.spent + k.held, 0) as used, coalesce(k.warned, 0) as warned,
      case when c.id is null then l.standard when c.raise_until > w.moment then greatest(c.stars, c.raise_to) else c.stars end as cap
    from billing_stars.layers_of(agent, person, w.period, w.day) l
    left join billing_stars.cap_counters k on k.org_id = w.org_id and k.layer = l.layer and k.starts = l.starts and k.subject = l.subject
    left join lateral (select x.* from billing_stars.caps x where x.org_id = w.org_id and x.layer = l.layer and x.subject in (l.subject, '*')
      order by x.subject = '*' limit 1) c on true
    order by l.place
  loop
    if asked.used + amount > asked.cap then
      return jsonb_build_object('outcome', 'refused', 'layer', asked.name, 'reason', 'cap', 'cap', asked.cap, 'used', asked.used);
    end if;
    allowed_by := allowed_by || asked.cap::bigint;
    counters := counters || asked.counter::uuid;
    crosses := crosses or coalesce((asked.used + amount) * 100 >= asked.cap * case when asked.warned < 50 then 50 when asked.warned < 80 then 80 when asked.warned < 100 then 100 end, false);
  end loop;
  -- Every layer has agreed: only now is anything written.
  update billing_stars.cap_counters k set held = k.held + amount, allowed = u.cap
    from unnest(counters, allowed_by) as u (id, cap) where k.org_id = w.org_id and k.id = u.id;
  -- Under the wallet's lock nobody else begins a counter.
  if array_position(counters, null) is not null then
    insert into billing_stars.cap_counters (org_id, id, layer, starts, subject, held, allowed)
      select w.org_id, uuidv7(), l.layer, l.starts, l.subject, amount, allowed_by[l.place]
      from billing_stars.layers_of(agent, person, w.period, w.day) l where counters[l.place] is null;
  end if;
  monthly := least(amount, w.monthly_balance - w.monthly_held);
  insert into billing_stars.holds as x (org_id, id, idempotency_key, request_hash, state, agent_id, person_id, run_id, actor, price_version, period, day,
      stars, from_monthly, from_package, created_at, answered_until, expires_at)
    values (w.org_id, uuidv7(), key, hash, 'open', agent, person, run, by_actor, price, w.period, w.day,
      amount, monthly, amount - monthly, w.moment, w.moment + make_interval(secs => ttl), w.moment + make_interval(secs => ttl))
    returning x.* into h;
  if w.due_at is null or h.expires_at < w.due_at then
    insert into billing_stars.wallet_watch as d (org_id, due_at) values (w.org_id, h.expires_at)
      on conflict (org_id) do update set due_at = excluded.due_at;
  end if;
  update billing_stars.wallets x set monthly_held = x.monthly_held + monthly, package_held = x.package_held + amount - monthly, moment = w.moment, day = w.day,
      due_at = least(x.due_at, h.expires_at) where x.org_id = w.org_id and x.id = w.org_id returning x.* into w;
  if crosses then perform billing_stars.warn_counters(w, agent, person, w.period, w.day); end if;
  if w.monthly_balance - w.monthly_held + w.package_balance - w.package_held <= w.warn_at then perform billing_stars.warn_wallet(w); end if;
  return billing_stars.reserved(h);
end;
end
$$;

create or replace function billing_stars.settle(hold uuid, amount bigint, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  h billing_stars.holds;
  entry billing_stars.ledger_transactions;
  covered bigint;
  monthly bigint;
  package bigint;
  is_late boolean;
begin
  perform billing_stars.check_stars(amount, 1);
  w := billing_stars.enter_wallet(org);
  -- Under the wallet's lock nobody else changes a hold or a counter: what is read here stays so.
  select * into h from billing_stars.holds x where x.org_id = w.org_id and x.id = hold;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if h.state = 'settled' then return billing_stars.hold_now(h, case when h.settled = amount then 'settled' else 'ended' end); end if;
  is_late := h.state <> 'open';
  if is_late then
    -- What it had kept is given back already: a new debit of what is free, and the rest is owed.
    covered := least(amount, w.monthly_balance - w.monthly_held + w.package_balance - w.package_held);
    monthly := least(covered, w.monthly_balance - w.monthly_held);
  else
    covered := least(amount, h.stars);
    monthly := least(covered, h.from_monthly);
    update billing_stars.wallets x set monthly_held = x.monthly_held - case when h.period = w.period then h.from_monthly else 0 end,
      package_held = x.package_held - h.from_package where x.org_id = w.org_id and x.id = w.org_id;
  end if;
  package := covered - monthly;
  entry.kind := case when is_late then 'late_charge' else 'charge' end;
  entry.actor := by_actor;
  entry.agent_id := h.agent_id;
  entry.person_id := h.person_id;
  entry.run_id := h.run_id;
  entry.price_version := h.price_version;
  entry.idempotency_key := h.idempotency_key;
  entry.hold_id := h.id;
  entry.period := h.period;
  entry.day := h.day;
  if is_late or h.period = w.period then
    w := billing_stars.post(w, entry, array['used', 'monthly', 'package', 'overdraft'], array[amount, -monthly, -package, covered - amount]);
  else
    w := billing_stars.post(w, entry, array['used', 'carried', 'package', 'overdraft', 'expired'],
      array[amount, -h.from_monthly, -package, covered - amount, h.from_monthly - monthly]);
  end if;
  update billing_stars.cap_counters k set held = k.held - case when is_late then 0 else h.stars end, spent = k.spent + amount,
      overrun = k.overrun + case when is_late then amount else amount - covered end
    where k.org_id = h.org_id and (k.layer, k.starts, k.subject) in (select l.layer, l.starts, l.subject from billing_stars.layers_of(h.agent_id, h.person_id, h.period, h.day) l);
  if is_late or amount > covered then perform billing_stars.warn_counters(w, h.agent_id, h.person_id, h.period, h.day); end if;
  update billing_stars.holds x set state = 'settled', settled = amount, paid_monthly = monthly, paid_package = package, ended_at = w.moment,
      overrun = case when is_late then amount else amount - covered end
    where x.org_id = w.org_id and x.id = hold returning x.* into h;
  return billing_stars.hold_now(h, 'settled');
end;
end
$$;

create or replace function billing_stars.release(hold uuid, by_actor text)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  by_actor := tenancy.acting(by_actor);
declare
  w billing_stars.wallets;
  h billing_stars.holds;
  entry billing_stars.ledger_transactions;
begin
  w := billing_stars.enter_wallet(org);
  select * into h from billing_stars.holds x where x.org_id = w.org_id and x.id = hold;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if h.state <> 'open' then return billing_stars.hold_now(h, case when h.state = 'settled' then 'ended' else 'released' end); end if;
  update billing_stars.cap_counters k set held = k.held - h.stars where k.org_id = h.org_id and (k.layer, k.starts, k.subject) in (select l.layer, l.starts, l.subject from billing_stars.layers_of(h.agent_id, h.person_id, h.period, h.day) l);
  update billing_stars.wallets x set monthly_held = x.monthly_held - case when h.period = w.period then h.from_monthly else 0 end,
      package_held = x.package_held - h.from_package, moment = w.moment, day = w.day where x.org_id = w.org_id and x.id = w.org_id;
  if h.period < w.period and h.from_monthly > 0 then
    entry.kind := 'hold_lapsed';
    entry.actor := by_actor;
    entry.hold_id := h.id;
    entry.period := w.period;
    w := billing_stars.post(w, entry, array['carried', 'expired'], array[-h.from_monthly, h.from_monthly]);
  end if;
  update billing_stars.holds x set state = 'released', ended_at = w.moment where x.org_id = w.org_id and x.id = hold returning x.* into h;
  return billing_stars.hold_now(h, 'released');
end;
end
$$;
