create or replace function billing_stars.follow_charges(
  w billing_stars.wallets,
  pid uuid,
  by_event text,
  by_provider text,
  by_actor text
)
returns jsonb
language plpgsql
as $$
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
  went_back boolean := billing_stars.plan_went_back(w.org_id);
begin
  perform billing_stars.weigh_charges(w, pid);
  select *
  into strict b
  from billing_stars.payments x
  where x.org_id = w.org_id and x.id = pid;
  select coalesce(sum(c.cents), 0), coalesce(sum(n.back), 0), coalesce(sum(n.gone - n.back), 0)
  into paid, back, held
  from billing_stars.charges c
  cross join lateral (
    select
      div(c.cents::numeric * (c.refunded + c.lost), c.amount) as back,
      div(c.cents::numeric * (c.refunded + c.lost + c.disputed), c.amount) as gone
  ) n
  where c.org_id = w.org_id and c.payment_id = pid and c.paid_at is not null and c.currency = b.currency;
  kept := paid - back - held;
  is_complete := b.paid_at is not null or paid >= b.cents and w.standing <> 'closed';
  is_new := is_complete and b.paid_at is null;
  becomes := case
    when not is_complete then b.state
    when kept >= b.cents then 'paid'
    when held > 0 then 'disputed'
    when kept = 0 then 'refunded'
    else 'paid'
  end;
  if is_new and b.kind <> 'renewal' then
    w := billing_stars.book_grant(
      w,
      b.grant_source,
      case b.kind when 'plan' then 'monthly' else 'package' end,
      b.stars,
      by_actor
    );
  end if;
  if is_new and b.kind <> 'pack' then
    w := billing_stars.take_paid_plan(w, b);
  end if;
  if is_complete then
    moved := div(b.stars::numeric * greatest(0, b.cents - kept), b.cents) - b.refunded_stars;
  end if;
  if moved <> 0 then
    perform billing_stars.move_paid_stars(w, b, moved, by_event, by_actor);
  end if;
  update billing_stars.payments x
  set
    state = becomes,
    paid_cents = paid,
    refunded_cents = back,
    disputed_cents = held,
    paid_at = case when is_new then w.moment else x.paid_at end,
    paid_by = case when is_new then by_actor else x.paid_by end,
    provider = case when is_new then by_provider else x.provider end,
    checkout_url = case when not is_complete then x.checkout_url end
  where x.org_id = w.org_id and x.id = pid;
  if billing_stars.plan_went_back(w.org_id) <> went_back then
    perform billing_stars.void_plan_orders(w.org_id);
  end if;
  if not billing_stars.plan_went_back(w.org_id) then
    perform billing_stars.resume_plan(w);
  end if;
  is_surplus := kept > case when is_complete then b.cents else 0 end
    or exists (
      select from billing_stars.charges c
      where c.org_id = w.org_id
        and c.payment_id = pid
        and c.paid_at is not null
        and c.currency <> b.currency
        and c.amount > c.refunded + c.lost + c.disputed
    );
  if is_surplus then
    insert into billing_stars.overpayments (org_id, payment_id, noted_at)
    values (w.org_id, pid, w.moment)
    on conflict do nothing;
    is_surplus := found or kept > b.paid_cents - b.refunded_cents - b.disputed_cents;
  else
    delete from billing_stars.overpayments o
    where o.org_id = w.org_id and o.payment_id = pid;
  end if;
  return jsonb_build_object(
    'outcome', 'noted',
    'paid', is_new,
    'surplus', is_surplus,
    'item', b.item,
    'stars', b.stars,
    'cents', b.cents,
    'moved', moved,
    'gone_cents', back + held - b.refunded_cents - b.disputed_cents,
    'kept_cents', kept
  );
end
$$;

comment on function billing_stars.follow_charges is
  'What an order comes to, by all that is known of the charges that were made for it. It is paid once its price '
  'has come in, whatever went back since; none is of an organization that is gone. Of its Stars there are as '
  'many as the money that stayed pays for, and never more than were ordered: what is beyond is for an operator '
  'to give back.';

revoke all on function billing_stars.follow_charges from public;
