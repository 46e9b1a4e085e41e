create or replace function billing_stars.reserve(
  key text,
  hash text,
  amount bigint,
  agent uuid,
  person uuid,
  run uuid,
  price int,
  ttl int,
  by_actor text
)
returns jsonb
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
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
    if amount is null or amount < 1 or amount > 1000000000 then
      perform billing_stars.check_stars(amount, 1);
    end if;
    if ttl is null or ttl < 1 or ttl > 3600 then
      raise exception 'a hold lasts 1 to 3600 seconds' using errcode = '22003';
    end if;
    w := billing_stars.enter_wallet(org);
    if w.org_id is null then
      return jsonb_build_object(
        'outcome', 'refused', 'layer', 'wallet', 'reason', 'no_wallet', 'cap', 0, 'used', 0
      );
    end if;
    select *
    into h
    from billing_stars.holds x
    where x.org_id = w.org_id and x.idempotency_key = key;
    if found then
      if h.request_hash <> hash then
        return jsonb_build_object('outcome', 'key_reused');
      end if;
      return billing_stars.reserved(h);
    end if;
    if price is distinct from w.price_version then
      return jsonb_build_object('outcome', 'price_changed', 'price_version', w.price_version);
    end if;
    if w.standing <> 'open' then
      return jsonb_build_object(
        'outcome', 'refused', 'layer', 'wallet', 'reason', w.standing, 'cap', 0, 'used', 0
      );
    end if;
    if w.state = 'owing' then
      return jsonb_build_object(
        'outcome', 'refused', 'layer', 'wallet', 'reason', 'owing', 'cap', 0, 'used', w.overdraft
      );
    end if;
    if w.monthly_balance - w.monthly_held + w.package_balance - w.package_held < amount then
      return jsonb_build_object(
        'outcome', 'refused', 'layer', 'wallet', 'reason', 'balance',
        'cap', w.monthly_balance + w.package_balance, 'used', w.monthly_held + w.package_held
      );
    end if;
    for asked in
      select
        l.layer as name,
        k.id as counter,
        coalesce(k.spent + k.held, 0) as used,
        coalesce(k.warned, 0) as warned,
        case
          when c.id is null then l.standard
          when c.raise_until > w.moment then greatest(c.stars, c.raise_to)
          else c.stars
        end as cap
      from billing_stars.layers_of(agent, person, w.period, w.day) l
      left join billing_stars.cap_counters k
        on k.org_id = w.org_id and k.layer = l.layer and k.starts = l.starts and k.subject = l.subject
      left join lateral (
        select x.*
        from billing_stars.caps x
        where x.org_id = w.org_id and x.layer = l.layer and x.subject in (l.subject, '*')
        order by x.subject = '*'
        limit 1
      ) c on true
      order by l.place
    loop
      if asked.used + amount > asked.cap then
        return jsonb_build_object(
          'outcome', 'refused', 'layer', asked.name, 'reason', 'cap', 'cap', asked.cap, 'used', asked.used
        );
      end if;
      allowed_by := allowed_by || asked.cap::bigint;
      counters := counters || asked.counter::uuid;
      crosses := crosses
        or coalesce(
          (asked.used + amount) * 100 >= asked.cap * case
            when asked.warned < 50 then 50
            when asked.warned < 80 then 80
            when asked.warned < 100 then 100
          end,
          false
        );
    end loop;
    -- Every layer has agreed: only now is anything written.
    update billing_stars.cap_counters k
    set held = k.held + amount, allowed = u.cap
    from unnest(counters, allowed_by) as u (id, cap)
    where k.org_id = w.org_id and k.id = u.id;
    -- Under the wallet's lock nobody else begins a counter.
    if array_position(counters, null) is not null then
      insert into billing_stars.cap_counters (org_id, id, layer, starts, subject, held, allowed)
      select w.org_id, uuidv7(), l.layer, l.starts, l.subject, amount, allowed_by[l.place]
      from billing_stars.layers_of(agent, person, w.period, w.day) l
      where counters[l.place] is null;
    end if;
    monthly := least(amount, w.monthly_balance - w.monthly_held);
    insert into billing_stars.holds as x (
      org_id, id, idempotency_key, request_hash, state, agent_id, person_id, run_id, actor, price_version,
      period, day, stars, from_monthly, from_package, created_at, answered_until, expires_at
    )
    values (
      w.org_id, uuidv7(), key, hash, 'open', agent, person, run, by_actor, price, w.period, w.day, amount,
      monthly, amount - monthly, w.moment, w.moment + make_interval(secs => ttl),
      w.moment + make_interval(secs => ttl)
    )
    returning x.*
    into h;
    if w.due_at is null or h.expires_at < w.due_at then
      insert into billing_stars.wallet_watch as d (org_id, due_at)
      values (w.org_id, h.expires_at)
      on conflict (org_id) do update set due_at = excluded.due_at;
    end if;
    update billing_stars.wallets x
    set
      monthly_held = x.monthly_held + monthly,
      package_held = x.package_held + amount - monthly,
      moment = w.moment,
      day = w.day,
      due_at = least(x.due_at, h.expires_at)
    where x.org_id = w.org_id and x.id = w.org_id
    returning x.*
    into w;
    if crosses then
      perform billing_stars.warn_counters(w, agent, person, w.period, w.day);
    end if;
    if w.monthly_balance - w.monthly_held + w.package_balance - w.package_held <= w.warn_at then
      perform billing_stars.warn_wallet(w);
    end if;
    return billing_stars.reserved(h);
  end;
end
$$;

comment on function billing_stars.reserve is
  'Holds Stars for an action that is about to be, where wallet and caps allow it. The same key with the same '
  'request is answered with the hold there is.';

revoke all on function billing_stars.reserve from public;
grant execute on function billing_stars.reserve to billing_stars_app;
