create or replace function billing_stars.settle_many(ids uuid[], amounts bigint[], by_actor text)
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
    size int := cardinality(ids);
    here int := 1;
    other int;
    ended billing_stars.holds[];
    told jsonb[];
    answers jsonb[] := '{}';
  begin
    if size is null
      or size not between 1 and 64
      or array[array_dims(ids), array_dims(amounts)] <> array_fill('[1:' || size || ']', array[2])
    then
      raise exception 'a batch is lists of one length, 1 to 64' using errcode = '22023';
    end if;
    if exists (
      select from unnest(amounts) as u (stars)
      where u.stars is null or u.stars not between 1 and 1000000000
    ) then
      raise exception 'an amount of Stars is a whole number from 1 to 1000000000' using errcode = '22003';
    end if;
    while here <= size loop
      w := billing_stars.enter_wallet(org);
      -- Where a warning is due already, the next settlement tells of it.
      select coalesce(min(u.n), size + 1)
      into other
      from unnest(ids, amounts) with ordinality as u (id, stars, n)
      left join billing_stars.holds h on h.org_id = w.org_id and h.id = u.id
      where u.n >= here
        and (
          h.state is distinct from 'open'
            or h.period <> w.period
            or array_position(ids, u.id, here) < u.n
            or u.stars > h.stars
            or w.monthly_balance - w.monthly_held + w.package_balance - w.package_held <= w.warn_at
        );
      if other > here then
        with settled as (
          update billing_stars.holds h
          set
            state = 'settled',
            settled = u.stars,
            paid_monthly = least(u.stars, h.from_monthly),
            paid_package = u.stars - least(u.stars, h.from_monthly),
            ended_at = w.moment
          from unnest(ids, amounts) with ordinality as u (id, stars, n)
          where h.org_id = w.org_id and h.id = u.id and u.n >= here and u.n < other
          returning u.n, h
        )
        select array_agg(s.h order by s.n), array_agg(billing_stars.hold_now(s.h, 'settled') order by s.n)
        into ended, told
        from settled s;
        update billing_stars.cap_counters k
        set held = k.held - g.stars, spent = k.spent + g.settled
        from (
          select l.layer, l.starts, l.subject, sum(h.stars) as stars, sum(h.settled) as settled
          from unnest(ended) h, billing_stars.layers_of(h.agent_id, h.person_id, h.period, h.day) l
          group by 1, 2, 3
        ) g
        where k.org_id = w.org_id and k.layer = g.layer and k.starts = g.starts and k.subject = g.subject;
        update billing_stars.wallets x
        set
          monthly_held = x.monthly_held - e.held_monthly,
          package_held = x.package_held - e.held_package,
          monthly_balance = x.monthly_balance - e.paid_monthly,
          package_balance = x.package_balance - e.paid_package,
          ledger_seq = x.ledger_seq + cardinality(ended),
          moment = w.moment,
          day = w.day
        from (
          select
            sum(h.from_monthly) as held_monthly,
            sum(h.from_package) as held_package,
            sum(h.paid_monthly) as paid_monthly,
            sum(h.paid_package) as paid_package
          from unnest(ended) h
        ) e
        where x.org_id = w.org_id and x.id = w.org_id
        returning x.*
        into strict w;
        with posted as (
          insert into billing_stars.ledger_transactions as t (
            org_id, id, seq, at, kind, actor, agent_id, person_id, run_id, price_version, idempotency_key,
            hold_id, period, day
          )
          select
            w.org_id,
            uuidv7(),
            w.ledger_seq - cardinality(ended) + h.ordinality,
            w.moment,
            'charge',
            by_actor,
            h.agent_id,
            h.person_id,
            h.run_id,
            h.price_version,
            h.idempotency_key,
            h.id,
            h.period,
            h.day
          from unnest(ended) with ordinality h
          returning t.id, t.hold_id
        )
        insert into billing_stars.ledger_entries (org_id, id, transaction_id, account, debit, credit)
        select w.org_id, uuidv7(), p.id, e.account, e.debit, e.credit
        from posted p
        join unnest(ended) h on h.id = p.hold_id
        cross join lateral (
          values ('used', h.settled, 0), ('monthly', 0, h.paid_monthly), ('package', 0, h.paid_package)
        ) as e (account, debit, credit)
        where e.debit + e.credit > 0;
        answers := answers || told;
      end if;
      if other <= size then
        answers := array_append(answers, billing_stars.settle(ids[other], amounts[other], by_actor));
      end if;
      here := other + 1;
    end loop;
    return to_jsonb(answers);
  end;
end
$$;

comment on function billing_stars.settle_many is
  'Settles many, each as settle would in its turn: plain ends that follow each other by one statement for each '
  'table. Whatever is more than that, above the hold, late, of an earlier month, or known already, is decided '
  'by the function for one, in its turn.';

revoke all on function billing_stars.settle_many from public;
grant execute on function billing_stars.settle_many to billing_stars_app;
