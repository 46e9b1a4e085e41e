create or replace function billing_stars.release_many(ids uuid[], by_actor text)
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
      or array[array_dims(ids)] <> array_fill('[1:' || size || ']', array[1])
    then
      raise exception 'a batch is lists of one length, 1 to 64' using errcode = '22023';
    end if;
    while here <= size loop
      w := billing_stars.enter_wallet(org);
      select coalesce(min(u.n), size + 1)
      into other
      from unnest(ids) with ordinality as u (id, n)
      left join billing_stars.holds h on h.org_id = w.org_id and h.id = u.id
      where u.n >= here
        and (h.state is distinct from 'open' or h.period <> w.period or array_position(ids, u.id, here) < u.n);
      if other > here then
        with released as (
          update billing_stars.holds h
          set state = 'released', ended_at = w.moment
          from unnest(ids) with ordinality as u (id, n)
          where h.org_id = w.org_id and h.id = u.id and u.n >= here and u.n < other
          returning u.n, h
        )
        select array_agg(r.h order by r.n), array_agg(billing_stars.hold_now(r.h, 'released') order by r.n)
        into ended, told
        from released r;
        update billing_stars.cap_counters k
        set held = k.held - g.stars
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
          moment = w.moment,
          day = w.day
        from (
          select sum(h.from_monthly) as held_monthly, sum(h.from_package) as held_package
          from unnest(ended) h
        ) e
        where x.org_id = w.org_id and x.id = w.org_id;
        answers := answers || told;
      end if;
      if other <= size then
        answers := array_append(answers, billing_stars.release(ids[other], by_actor));
      end if;
      here := other + 1;
    end loop;
    return to_jsonb(answers);
  end;
end
$$;

comment on function billing_stars.release_many is
  'Releases many, each as release would in its turn.';

revoke all on function billing_stars.release_many from public;
grant execute on function billing_stars.release_many to billing_stars_app;
