create or replace function billing_stars.weigh_charges(w billing_stars.wallets, pid uuid)
returns void
language plpgsql
as $$
begin
  update billing_stars.charges x
  set refunded = d.back, lost = d.gone, disputed = least(x.amount - d.back - d.gone, d.open)
  from (
    select c.id, r.back, least(c.amount - r.back, m.lost) as gone, m.open
    from billing_stars.charges c
    cross join lateral (
      select
        coalesce(sum(m.amount) filter (where m.kind = 'refund' and m.state = 'given'), 0) as given,
        coalesce(sum(m.amount) filter (where m.kind = 'refund' and m.state = 'failed'), 0) as failed,
        coalesce(
          sum(
            case when m.currency = c.amount_currency then m.amount else c.amount end
          ) filter (where m.kind = 'dispute' and m.state = 'open'),
          0
        ) as open,
        coalesce(
          sum(
            case when m.currency = c.amount_currency then m.amount else c.amount end
          ) filter (where m.kind = 'dispute' and m.state = 'lost'),
          0
        ) as lost
      from billing_stars.claims m
      where m.org_id = c.org_id and m.charge_id = c.id
    ) m
    cross join lateral (select least(c.amount, greatest(c.told_refunded - m.failed, m.given)) as back) r
    where c.org_id = w.org_id and c.payment_id = pid and c.paid_at is not null
  ) d
  where x.org_id = w.org_id and x.id = d.id;
end
$$;

comment on function billing_stars.weigh_charges is
  'What has gone of each charge: refunds as they are told one by one, or as a sum without those that failed; '
  'then disputes, of what is left. Where a dispute is told in another currency it takes all of its charge.';

revoke all on function billing_stars.weigh_charges from public;
