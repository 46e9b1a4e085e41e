create or replace function billing_stars.purge_holds(most int)
returns int
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  org uuid := tenancy.enter();
begin
  declare
    of_people uuid[];
    w billing_stars.wallets;
  begin
    perform tenancy.acting('system:purge');
    w := billing_stars.enter_wallet(org);
    if w.standing <> 'closed' then
      raise exception 'the wallet is not closed yet: the deletion has not been heard of' using errcode = '55000';
    end if;
    select array_agg(h.id)
    into of_people
    from (
      select x.id
      from billing_stars.holds x
      where x.org_id = org
        and (
          x.person_id is not null
          or x.actor <> billing_stars.unnamed(x.actor)
          or x.request_hash <> ''
        )
      limit most
    ) h;
    update billing_stars.cap_counters k
    set spent = k.spent - u.spent, overrun = k.overrun - u.overrun, held = k.held - u.held
    from (
      select
        l.layer,
        l.starts,
        l.subject,
        sum(h.settled) as spent,
        sum(h.overrun) as overrun,
        coalesce(sum(h.stars) filter (where h.state = 'open'), 0) as held
      from
        billing_stars.holds h,
        billing_stars.layers_of(h.agent_id, h.person_id, h.period, h.day) l,
        billing_stars.cap_layers() c
      where h.org_id = org and h.id = any(of_people) and c.layer = l.layer and c.of_person
      group by 1, 2, 3
    ) u
    where k.org_id = org and k.layer = u.layer and k.starts = u.starts and k.subject = u.subject;
    delete from billing_stars.cap_counters k
    where k.org_id = org
      and k.layer in (select c.layer from billing_stars.cap_layers() c where c.of_person)
      and (k.spent, k.overrun, k.held) = (0::bigint, 0::bigint, 0::bigint);
    update billing_stars.ledger_transactions m
    set person_id = null, actor = billing_stars.unnamed(m.actor), idempotency_key = m.hold_id::text
    where m.org_id = org and m.hold_id = any(of_people);
    update billing_stars.holds h
    set
      person_id = null,
      actor = billing_stars.unnamed(h.actor),
      -- Nobody can have chosen it for another hold.
      idempotency_key = gen_random_uuid()::text,
      request_hash = ''
    where h.org_id = org and h.id = any(of_people);
    perform billing_stars.note_purged('holds', 'anonymized', coalesce(cardinality(of_people), 0));
    return coalesce(cardinality(of_people), 0);
  end;
end
$$;

comment on function billing_stars.purge_holds is
  'Takes people, and the words of callers, out of so many holds at most, and out of what was booked for them, of the '
  'organization of the tag, once its wallet is closed. What counted against a person’s cap is taken out of its counter '
  'with them, so that the equations of the ledger hold after each step. For TablePurger alone.';

revoke all on function billing_stars.purge_holds from public;
grant execute on function billing_stars.purge_holds to billing_stars_app;
