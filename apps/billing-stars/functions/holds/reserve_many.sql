create or replace function billing_stars.reserve_many(
  keys text[],
  hashes text[],
  amounts bigint[],
  agents uuid[],
  persons uuid[],
  runs uuid[],
  prices int[],
  ttls int[],
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
    size int := cardinality(keys);
    -- Each request's place in the batch; the first one with the same key; and the hash that the first one's key is
    -- held under by now.
    here int := 1;
    firsts int[];
    kept text[];
    -- Null where it is reserved.
    refusals jsonb[];
    -- Every counter that the batch is about, once; the organization's is the first. Then which of them each request
    -- is asked.
    layers text[];
    subjects text[];
    starting date[];
    standards bigint[];
    of_agents int[];
    of_pairs int[];
    -- The same counters as they are by now.
    counters uuid[];
    used bigint[];
    warned_at int[];
    allowing bigint[];
    added bigint[];
    -- What is granted and not written yet: places in the batch, and the monthly part of each.
    granted int[];
    parts bigint[];
    free_monthly bigint;
    free_package bigint;
    asked int;
    amount bigint;
    monthly bigint;
    until timestamptz;
    reached boolean;
    crosses boolean;
  begin
    if size is null
      or size not between 1 and 64
      or array[
        array_dims(keys), array_dims(hashes), array_dims(amounts), array_dims(agents), array_dims(persons),
        array_dims(runs), array_dims(prices), array_dims(ttls)
      ] <> array_fill('[1:' || size || ']', array[8])
    then
      raise exception 'a batch is lists of one length, 1 to 64' using errcode = '22023';
    end if;
    if exists (
      select from unnest(keys, hashes) as u (key, hash)
      where octet_length(u.key) > 400 or octet_length(u.hash) > 64
    ) then
      raise exception 'a key has at most 400 octets, a hash 64' using errcode = '22001';
    end if;
    if exists (
      select from unnest(amounts) as u (stars)
      where u.stars is null or u.stars not between 1 and 1000000000
    ) then
      raise exception 'an amount of Stars is a whole number from 1 to 1000000000' using errcode = '22003';
    end if;
    if exists (
      select from unnest(ttls) as u (seconds)
      where u.seconds is null or u.seconds not between 1 and 3600
    ) then
      raise exception 'a hold lasts 1 to 3600 seconds' using errcode = '22003';
    end if;
    w := billing_stars.enter_wallet(org);
    if w.org_id is null then
      return (
        select jsonb_agg(
          jsonb_build_object(
            'outcome', 'refused', 'layer', 'wallet', 'reason', 'no_wallet', 'cap', 0, 'used', 0
          )
        )
        from generate_series(1, size)
      );
    end if;
    refusals := array_fill(null::jsonb, array[size]);
    select array_agg(x.first order by x.n), array_agg(x.request_hash order by x.n)
    into firsts, kept
    from (
      select u.n, min(u.n) over (partition by u.key) as first, h.request_hash
      from unnest(keys) with ordinality as u (key, n)
      left join billing_stars.holds h on h.org_id = w.org_id and h.idempotency_key = u.key
    ) x;
    with spot as (
      select
        u.n,
        l.place,
        l.layer,
        l.subject,
        l.starts,
        l.standard,
        dense_rank() over (order by l.place, l.subject) as counter
      from
        unnest(agents, persons) with ordinality as u (agent, person, n),
        billing_stars.layers_of(u.agent, u.person, w.period, w.day) l
    ),
    spots as (
      select
        max(s.counter) filter (where s.place = 2) as of_agent,
        max(s.counter) filter (where s.place = 3) as of_pair,
        s.n
      from spot s
      group by s.n
    ),
    counter as (select distinct on (s.counter) s.* from spot s)
    select c.layers, c.subjects, c.starting, c.standards, p.of_agents, p.of_pairs
    into layers, subjects, starting, standards, of_agents, of_pairs
    from
      (
        select
          array_agg(x.layer order by x.counter) as layers,
          array_agg(x.subject order by x.counter) as subjects,
          array_agg(x.starts order by x.counter) as starting,
          array_agg(x.standard order by x.counter) as standards
        from counter x
      ) c,
      (
        select array_agg(x.of_agent order by x.n) as of_agents, array_agg(x.of_pair order by x.n) as of_pairs
        from spots x
      ) p;
    while here <= size loop
      -- Up to a warning, which is told of the state that its own request leaves.
      select
        array_agg(k.id order by l.n),
        array_agg(coalesce(k.spent + k.held, 0) order by l.n),
        array_agg(coalesce(k.warned, 0) order by l.n),
        array_agg(
          case
            when c.id is null then l.standard
            when c.raise_until > w.moment then greatest(c.stars, c.raise_to)
            else c.stars
          end order by l.n
        )
      into counters, used, warned_at, allowing
      from unnest(layers, subjects, starting, standards) with ordinality as l (layer, subject, starts, standard, n)
      left join billing_stars.cap_counters k
        on k.org_id = w.org_id and k.layer = l.layer and k.starts = l.starts and k.subject = l.subject
      left join lateral (
        select x.*
        from billing_stars.caps x
        where x.org_id = w.org_id and x.layer = l.layer and x.subject in (l.subject, '*')
        order by x.subject = '*'
        limit 1
      ) c on true;
      added := array_fill(0::bigint, array[cardinality(layers)]);
      granted := '{}';
      parts := '{}';
      free_monthly := w.monthly_balance - w.monthly_held;
      free_package := w.package_balance - w.package_held;
      crosses := false;
      while here <= size loop
        amount := amounts[here];
        if kept[firsts[here]] is not null then
          if kept[firsts[here]] <> hashes[here] then
            refusals[here] := jsonb_build_object('outcome', 'key_reused');
          end if;
        elsif prices[here] is distinct from w.price_version then
          refusals[here] := jsonb_build_object('outcome', 'price_changed', 'price_version', w.price_version);
        elsif w.standing <> 'open' then
          refusals[here] := jsonb_build_object(
            'outcome', 'refused', 'layer', 'wallet', 'reason', w.standing, 'cap', 0, 'used', 0
          );
        elsif w.state = 'owing' then
          refusals[here] := jsonb_build_object(
            'outcome', 'refused', 'layer', 'wallet', 'reason', 'owing', 'cap', 0, 'used', w.overdraft
          );
        elsif free_monthly + free_package < amount then
          refusals[here] := jsonb_build_object(
            'outcome', 'refused',
            'layer', 'wallet',
            'reason', 'balance',
            'cap', w.monthly_balance + w.package_balance,
            'used', w.monthly_balance - free_monthly + w.package_balance - free_package
          );
        else
          reached := false;
          foreach asked in array array[1, of_agents[here], of_pairs[here]] loop
            exit when asked is null;
            if used[asked] + amount > allowing[asked] then
              refusals[here] := jsonb_build_object(
                'outcome', 'refused', 'layer', layers[asked], 'reason', 'cap', 'cap', allowing[asked],
                'used', used[asked]
              );
              exit;
            end if;
            reached := reached
              or coalesce(
                (used[asked] + amount) * 100 >= allowing[asked] * case
                  when warned_at[asked] < 50 then 50
                  when warned_at[asked] < 80 then 80
                  when warned_at[asked] < 100 then 100
                end,
                false
              );
          end loop;
          if refusals[here] is null then
            foreach asked in array array[1, of_agents[here], of_pairs[here]] loop
              exit when asked is null;
              used[asked] := used[asked] + amount;
              added[asked] := added[asked] + amount;
            end loop;
            monthly := least(amount, free_monthly);
            free_monthly := free_monthly - monthly;
            free_package := free_package - (amount - monthly);
            granted := granted || here;
            parts := parts || monthly;
            kept[firsts[here]] := hashes[here];
            crosses := reached;
          end if;
        end if;
        here := here + 1;
        exit when crosses
          or granted[cardinality(granted)] = here - 1 and free_monthly + free_package <= w.warn_at;
      end loop;
      if cardinality(granted) > 0 then
        update billing_stars.cap_counters k
        set held = k.held + u.added, allowed = u.cap
        from unnest(counters, added, allowing) as u (id, added, cap)
        where k.org_id = w.org_id and k.id = u.id and u.added > 0;
        insert into billing_stars.cap_counters (org_id, id, layer, starts, subject, held, allowed)
        select w.org_id, uuidv7(), u.layer, u.starts, u.subject, u.added, u.cap
        from unnest(
          counters, layers, starting, subjects, added, allowing
        ) as u (id, layer, starts, subject, added, cap)
        where u.id is null and u.added > 0;
        insert into billing_stars.holds (
          org_id, id, idempotency_key, request_hash, state, agent_id, person_id, run_id, actor, price_version,
          period, day, stars, from_monthly, from_package, created_at, answered_until, expires_at
        )
        select
          w.org_id,
          uuidv7(),
          keys[g.n],
          hashes[g.n],
          'open',
          agents[g.n],
          persons[g.n],
          runs[g.n],
          by_actor,
          prices[g.n],
          w.period,
          w.day,
          amounts[g.n],
          g.monthly,
          amounts[g.n] - g.monthly,
          w.moment,
          w.moment + make_interval(secs => ttls[g.n]),
          w.moment + make_interval(secs => ttls[g.n])
        from unnest(granted, parts) as g (n, monthly);
        until := w.moment + make_interval(secs => (select min(ttls[g.n]) from unnest(granted) as g (n)));
        if w.due_at is null or until < w.due_at then
          insert into billing_stars.wallet_watch as d (org_id, due_at)
          values (w.org_id, until)
          on conflict (org_id) do update set due_at = excluded.due_at;
        end if;
        update billing_stars.wallets x
        set
          monthly_held = w.monthly_balance - free_monthly,
          package_held = w.package_balance - free_package,
          moment = w.moment,
          day = w.day,
          due_at = least(x.due_at, until)
        where x.org_id = w.org_id and x.id = w.org_id
        returning x.*
        into w;
        if crosses then
          perform billing_stars.warn_counters(w, agents[here - 1], persons[here - 1], w.period, w.day);
        end if;
        if w.monthly_balance - w.monthly_held + w.package_balance - w.package_held <= w.warn_at then
          w := billing_stars.warn_wallet(w);
        end if;
      end if;
    end loop;
    return (
      select jsonb_agg(coalesce(u.refusal, billing_stars.reserved(h)) order by u.n)
      from unnest(keys, refusals) with ordinality as u (key, refusal, n)
      left join billing_stars.holds h on h.org_id = w.org_id and h.idempotency_key = u.key
    );
  end;
end
$$;

comment on function billing_stars.reserve_many is
  'Decides what as many calls of reserve would, one after the other, at one moment: under one lock of the '
  'wallet, in one commit, each with the same words. One answer for each, in order, as a jsonb array.';

revoke all on function billing_stars.reserve_many from public;
grant execute on function billing_stars.reserve_many to billing_stars_app;
