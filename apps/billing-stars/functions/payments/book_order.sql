create or replace function billing_stars.book_order(
  org uuid,
  pid uuid,
  of_kind text,
  of_item text,
  of_stars bigint,
  of_cents bigint,
  expected_plan text,
  expected_period date,
  by_actor text
)
returns text
language plpgsql
as $$
begin
  by_actor := tenancy.acting(by_actor);
  declare
    w billing_stars.wallets;
    terms record;
  begin
    perform billing_stars.check_stars(of_stars, 1);
    w := billing_stars.enter_wallet(org);
    if w.org_id is null then
      return 'no_wallet';
    end if;
    if w.standing <> 'open' then
      return w.standing;
    end if;
    select *
    into terms
    from billing_stars.terms_of(w, of_kind, of_item);
    if terms.stars is distinct from of_stars or terms.cents is distinct from of_cents then
      return 'changed';
    end if;
    if of_kind = 'plan' then
      if w.period <> expected_period
        or (
          select s.plan
          from billing_stars.subscriptions s
          where s.org_id = w.org_id and s.id = w.org_id
        ) is distinct from expected_plan
      then
        return 'changed';
      end if;
      perform billing_stars.void_plan_orders(w.org_id);
    end if;
    insert into billing_stars.payments (
      org_id, id, kind, item, stars, cents, currency, plan_stars, plan_cents, state, grant_source, period,
      ordered_by, ordered_at
    )
    values (
      w.org_id, pid, of_kind, of_item, of_stars, of_cents, billing_stars.currency(), terms.month_stars,
      terms.month_cents, 'open', 'payment:' || pid, w.period, by_actor, w.moment
    );
    return 'ordered';
  end;
end
$$;

comment on function billing_stars.book_order is
  'An order is at the price there is: what was asked for before must still be it. An order of a plan takes the '
  'place of an earlier one. Whose it is, is written down by offer_checkout, under the platform’s tag: until '
  'then nothing can pay it.';

revoke all on function billing_stars.book_order from public;
