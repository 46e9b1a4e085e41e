import { ZONE_AREAS } from '@apollo/contracts';
import {
  AS_ORGS_TELLS,
  directory,
  entryPoint,
  MAX_STARS,
  OF_MONTH,
  platformEntryPoint,
  step,
} from '../schema.functions.js';

/** Stars every new organization starts with, in the package compartment. */
export const WELCOME_STARS = 500;

/** Most organizations a sweeper is told of at once. */
const SWEEP = 100;

/*
 * Every change of money enters here first. Lock order everywhere: wallet → cap counters → hold. The wallet's row lock
 * puts all changes of one organization in one order, so what is read after it stays true until the commit.
 */
export const walletFunctions: readonly string[] = [
  // The one clock of all functions, in a function of its own so that a spec can stop it; the runtime role cannot.
  `create function billing_stars.clock() returns timestamptz language sql as 'select clock_timestamp()';
revoke all on function billing_stars.clock from public;
grant execute on function billing_stars.clock to billing_stars_app;`,

  step(
    'check_stars(stars bigint, lowest bigint)',
    'void',
    `begin
  if stars is null or stars < lowest or stars > ${MAX_STARS} then
    raise exception 'an amount of Stars is a whole number from % to ${MAX_STARS}', lowest using errcode = '22003';
  end if;
end`,
  ),

  // Whether days can be counted there: the name of a place, not one that this database has for an abbreviation or makes
  // of hours that are written out.
  step(
    'knows_zone(zone text)',
    'boolean',
    `begin
  if zone is null or zone !~ '^(${ZONE_AREAS.join('|')})(/[A-Z][A-Za-z_-]*)+$' and zone <> 'UTC' then return false; end if;
  perform billing_stars.clock() at time zone zone;
  return true;
exception when invalid_parameter_value then
  return false;
end`,
  ),

  // Locks the wallet and brings it to this moment: expired holds are given back first, then a past period ends.
  // Null where the organization has no wallet.
  step(
    'enter_wallet(org uuid)',
    'billing_stars.wallets',
    `declare
  w billing_stars.wallets;
  instant timestamptz;
  today date;
  is_due boolean;
begin
  select * into w from billing_stars.wallets x where x.org_id = org and x.id = org for update;
  if not found then return null; end if;
  instant := greatest(w.moment, billing_stars.clock());
  today := greatest(w.day, (instant at time zone w.time_zone)::date);
  is_due := w.due_at <= instant;
  if is_due then
    w := billing_stars.expire_due_holds(w, instant);
  end if;
  if date_trunc('month', today::timestamp)::date > w.period then
    w := billing_stars.turn_period(w, instant, today);
  end if;
  if is_due then
    w := billing_stars.watch_wallet(w);
  end if;
  w.moment := instant;
  w.day := today;
  return w;
end`,
  ),

  // The monthly compartment expires once. What open holds keep of it moves aside and stays theirs until they end.
  step(
    'turn_period(w billing_stars.wallets, instant timestamptz, today date)',
    'billing_stars.wallets',
    `declare
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
end`,
  ),

  // Notes when the wallet needs somebody next: the first open hold expires, or monthly Stars do.
  step(
    'watch_wallet(w billing_stars.wallets)',
    'billing_stars.wallets',
    `declare
  next timestamptz := least((select min(h.expires_at) from billing_stars.holds h where h.org_id = w.org_id and h.state = 'open'),
    case when w.monthly_balance > 0 or exists (select from billing_stars.subscriptions s where s.org_id = w.org_id and s.plan is not null)
      then (w.period + interval '1 month') at time zone w.time_zone end);
begin
  update billing_stars.wallets x set due_at = next where x.org_id = w.org_id and x.id = w.org_id and x.due_at is distinct from next;
  select * into strict w from billing_stars.wallets x where x.org_id = w.org_id and x.id = w.org_id;
  if next is null then
    delete from billing_stars.wallet_watch d where d.org_id = w.org_id;
  else
    insert into billing_stars.wallet_watch as d (org_id, due_at) values (w.org_id, next) on conflict (org_id) do update set due_at = excluded.due_at;
  end if;
  return w;
end`,
  ),

  // Its welcome Stars come with it. A zone that is not known here keeps no wallet shut: its days are counted by UTC.
  platformEntryPoint(
    'open_wallet(for_org uuid, zone text, by_actor text)',
    'boolean',
    `declare
  instant timestamptz := billing_stars.clock();
  today date;
  newest int := billing_stars.newest_prices();
begin
  if not billing_stars.knows_zone(zone) then zone := 'UTC'; end if;
  today := (instant at time zone zone)::date;
  insert into billing_stars.wallets (org_id, id, state, time_zone, period, day, moment, price_version, opened_at)
    values (org, org, 'active', zone, date_trunc('month', today::timestamp)::date, today, instant, newest, instant) on conflict do nothing;
  if not found then return false; end if;
  perform billing_stars.adopt_prices(org, newest, today);
  perform billing_stars.grant_stars(org, 'welcome', 'package', ${WELCOME_STARS}, by_actor);
  return true;
end`,
  ),

  // The wallet stands as `becomes` says, unless it does already or is closed for good. A month that began while it was
  // suspended is billed from the day it is resumed. True when that is new.
  step(
    'stand(org uuid, becomes text)',
    'boolean',
    `declare
  w billing_stars.wallets;
begin
  if not exists (select from billing_stars.wallets x where x.org_id = org and x.id = org and x.standing not in ('closed', becomes)) then return false; end if;
  w := billing_stars.enter_wallet(org);
  update billing_stars.wallets x set standing = becomes, moment = w.moment, day = w.day where x.org_id = org and x.id = org and x.standing not in ('closed', becomes) returning x.* into w;
  if not found then return false; end if;
  if becomes = 'open' and exists (select from billing_stars.subscriptions s where s.org_id = org and s.id = org and s.since < w.period)
    and not exists (select from billing_stars.grants g where g.org_id = org and g.source = ${OF_MONTH}) then
    perform billing_stars.renew_plan(w, true);
  end if;
  return true;
end`,
  ),

  // As the organization itself stands: closed for good, or suspended until it is resumed. True when that is new.
  entryPoint(
    'set_standing(becomes text)',
    'boolean',
    `begin
  ${AS_ORGS_TELLS};
  return billing_stars.stand(org, becomes);
end`,
  ),

  // What is so already costs a look. A zone further west may name a day that is over here: day and period wait for it
  // to come again. Where a zone is not known here, days are counted as before.
  entryPoint(
    'follow_org(zone text)',
    'void',
    `declare
  w billing_stars.wallets;
begin
  ${AS_ORGS_TELLS};
  if exists (select from billing_stars.wallets x where x.org_id = org and x.id = org and x.time_zone <> zone) then
    if billing_stars.knows_zone(zone) then
      w := billing_stars.enter_wallet(org);
      update billing_stars.wallets x set time_zone = zone, moment = w.moment where x.org_id = w.org_id and x.id = w.org_id returning x.* into strict w;
      perform billing_stars.watch_wallet(w);
    end if;
  end if;
end`,
  ),

  // What a sweeper calls for an organization whose holds may have expired or whose month is over, and whoever has just
  // brought Stars in or taken them back: thresholds are told under the organization's own tag.
  entryPoint(
    'sweep_wallet()',
    'void',
    `declare
  w billing_stars.wallets := billing_stars.enter_wallet(org);
begin
  if w.org_id is null then
    delete from billing_stars.wallet_watch d where d.org_id = org;
  elsif w.monthly_balance - w.monthly_held + w.package_balance - w.package_held <= w.warn_at then
    perform billing_stars.warn_wallet(w);
  end if;
end`,
  ),

  directory(
    'unknown_zones(zones text[])',
    'table (zone text)',
    'select z from unnest(zones) z where not exists (select from pg_timezone_names n where n.name = z)',
  ),

  // Ids only, and for nobody's organization: under an organization's tag it raises 42501.
  directory(
    "find_due_wallets(without uuid[] default '{}')",
    'table (org_id uuid)',
    `select d.org_id from billing_stars.wallet_watch d where d.due_at <= billing_stars.clock() and d.org_id <> all(without) order by d.due_at limit ${SWEEP}`,
  ),
];
