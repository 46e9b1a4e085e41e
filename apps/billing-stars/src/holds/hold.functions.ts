import { entryPoint, MAX_STARS, step } from '../schema.functions.js';
import { reaches } from '../warnings/warning.functions.js';

/** Longest a hold may last, or be extended by at once, in seconds. */
export const MAX_TTL_SECONDS = 3_600;
/**
 * Longest a hold may last in all, however often it is extended: it belongs to the month and day in which it was made.
 */
const MAX_LIFE_SECONDS = 86_400;

const matching = (hold: string): string =>
  `k.org_id = ${hold}.org_id and (k.layer, k.starts, k.subject) in (select l.layer, l.starts, l.subject from billing_stars.layers_of(${hold}.agent_id, ${hold}.person_id, ${hold}.period, ${hold}.day) l)`;

/**
 * How a hold's end frees what the wallet keeps for it: this month's from the held parts, an earlier month's from
 * `carried`.
 */
const endings: readonly string[] = [
  // Gives back holds that are due, all at once. Those of an earlier month lapse: their month is over.
  step(
    'expire_due_holds(w billing_stars.wallets, instant timestamptz)',
    'billing_stars.wallets',
    `declare
  entry billing_stars.ledger_transactions;
  monthly bigint;
  package bigint;
  lapsed bigint;
begin
  update billing_stars.cap_counters k set held = k.held - g.stars
    from (select l.layer, l.starts, l.subject, sum(h.stars) as stars
      from billing_stars.holds h, billing_stars.layers_of(h.agent_id, h.person_id, h.period, h.day) l
      where h.org_id = w.org_id and h.state = 'open' and h.expires_at <= instant group by 1, 2, 3) g
    where k.org_id = w.org_id and k.layer = g.layer and k.starts = g.starts and k.subject = g.subject;
  with gone as (
    update billing_stars.holds h set state = 'expired', ended_at = instant where h.org_id = w.org_id and h.state = 'open' and h.expires_at <= instant
    returning h.period, h.from_monthly, h.from_package)
  select coalesce(sum(g.from_monthly) filter (where g.period = w.period), 0), coalesce(sum(g.from_package), 0),
      coalesce(sum(g.from_monthly) filter (where g.period < w.period), 0)
    into monthly, package, lapsed from gone g;
  update billing_stars.wallets x set monthly_held = x.monthly_held - monthly, package_held = x.package_held - package
    where x.org_id = w.org_id and x.id = w.org_id returning x.* into strict w;
  if lapsed > 0 then
    w.moment := instant;
    entry.kind := 'hold_lapsed';
    entry.actor := 'system:billing-stars';
    entry.period := w.period;
    w := billing_stars.post(w, entry, array['carried', 'expired'], array[-lapsed, lapsed]);
  end if;
  return w;
end`,
  ),

  // The hold as its maker is told, the same words each time the same request comes.
  step(
    'reserved(h billing_stars.holds)',
    'jsonb',
    `begin
  return jsonb_build_object('outcome', 'reserved', 'hold_id', h.id, 'stars', h.stars, 'from_monthly', h.from_monthly, 'from_package', h.from_package,
    'price_version', h.price_version, 'expires_at', h.answered_until);
end`,
  ),
  // The hold as it is now.
  step(
    'hold_now(h billing_stars.holds, told text)',
    'jsonb',
    `begin
  return jsonb_build_object('outcome', told, 'hold_id', h.id, 'state', h.state, 'stars', h.stars, 'settled', h.settled, 'from_monthly', h.paid_monthly,
    'from_package', h.paid_package, 'overdrawn', h.settled - h.paid_monthly - h.paid_package, 'expires_at', h.expires_at);
end`,
  ),
];

const reserve = entryPoint(
  'reserve(key text, hash text, amount bigint, agent uuid, person uuid, run uuid, price int, ttl int, by_actor text)',
  'jsonb',
  `declare
  w billing_stars.wallets;
  h billing_stars.holds;
  asked record;
  allowed_by bigint[] := '{}';
  counters uuid[] := '{}';
  crosses boolean := false;
  monthly bigint;
begin
  if amount is null or amount < 1 or amount > ${MAX_STARS} then perform billing_stars.check_stars(amount, 1); end if;
  if ttl is null or ttl < 1 or ttl > ${MAX_TTL_SECONDS} then raise exception 'a hold lasts 1 to ${MAX_TTL_SECONDS} seconds' using errcode = '22003'; end if;
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
    crosses := crosses or coalesce(${reaches('(asked.used + amount)', 'asked.cap', 'asked.warned')}, false);
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
end`,
);

const settle = entryPoint(
  'settle(hold uuid, amount bigint, by_actor text)',
  'jsonb',
  `declare
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
    where ${matching('h')};
  if is_late or amount > covered then perform billing_stars.warn_counters(w, h.agent_id, h.person_id, h.period, h.day); end if;
  update billing_stars.holds x set state = 'settled', settled = amount, paid_monthly = monthly, paid_package = package, ended_at = w.moment,
      overrun = case when is_late then amount else amount - covered end
    where x.org_id = w.org_id and x.id = hold returning x.* into h;
  return billing_stars.hold_now(h, 'settled');
end`,
);

const release = entryPoint(
  'release(hold uuid, by_actor text)',
  'jsonb',
  `declare
  w billing_stars.wallets;
  h billing_stars.holds;
  entry billing_stars.ledger_transactions;
begin
  w := billing_stars.enter_wallet(org);
  select * into h from billing_stars.holds x where x.org_id = w.org_id and x.id = hold;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  if h.state <> 'open' then return billing_stars.hold_now(h, case when h.state = 'settled' then 'ended' else 'released' end); end if;
  update billing_stars.cap_counters k set held = k.held - h.stars where ${matching('h')};
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
end`,
);

const extend = entryPoint(
  'extend(hold uuid, ttl int)',
  'jsonb',
  `declare
  w billing_stars.wallets;
  h billing_stars.holds;
begin
  if ttl is null or ttl < 1 or ttl > ${MAX_TTL_SECONDS} then raise exception 'a hold lasts 1 to ${MAX_TTL_SECONDS} seconds' using errcode = '22003'; end if;
  w := billing_stars.enter_wallet(org);
  update billing_stars.holds x set expires_at = greatest(x.expires_at, least(w.moment + make_interval(secs => ttl), x.created_at + make_interval(secs => ${MAX_LIFE_SECONDS})))
    where x.org_id = w.org_id and x.id = hold and x.state = 'open' returning x.* into h;
  if found then return billing_stars.hold_now(h, 'extended'); end if;
  select * into h from billing_stars.holds x where x.org_id = w.org_id and x.id = hold;
  if not found then return jsonb_build_object('outcome', 'not_found'); end if;
  return billing_stars.hold_now(h, 'ended');
end`,
);

export const holdFunctions: readonly string[] = [...endings, reserve, settle, release, extend];
