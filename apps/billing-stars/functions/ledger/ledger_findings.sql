create or replace function billing_stars.ledger_findings()
returns table (equation text, org_id uuid, subject text, expected text, actual text)
language sql
stable
as $$
  with wallet as materialized (select * from billing_stars.wallets),
  hold as materialized (select * from billing_stars.holds),
  entry as materialized (select * from billing_stars.ledger_entries),
  move as materialized (select * from billing_stars.ledger_transactions),
  counter as materialized (select * from billing_stars.cap_counters),
  account as (select org_id, account, sum(debit - credit) as sum from entry group by 1, 2),
  -- By another path than layers_of on purpose: a layer that is wrong there is found here.
  layer as (
    select
      h.org_id,
      'org_month' as layer,
      h.period as starts,
      'org' as subject,
      h.settled,
      h.overrun,
      h.stars,
      h.state
    from hold h
    union all
    select h.org_id, 'agent_day', h.day, h.agent_id::text, h.settled, h.overrun, h.stars, h.state
    from hold h
    union all
    select
      h.org_id,
      'user_agent_month',
      h.period,
      h.agent_id::text || '/' || h.person_id::text,
      h.settled,
      h.overrun,
      h.stars,
      h.state
    from hold h
    where h.person_id is not null
  ),
  usage as (
    select
      l.org_id,
      l.layer,
      l.starts,
      l.subject,
      sum(l.settled) as spent,
      sum(l.overrun) as overrun,
      coalesce(sum(l.stars) filter (where l.state = 'open'), 0) as held
    from layer l
    group by 1, 2, 3, 4
  ),
  charge as (
    select m.org_id, m.period, m.day, m.agent_id, m.person_id, e.debit as stars
    from move m
    join entry e on e.org_id = m.org_id and e.transaction_id = m.id
    where m.kind in ('charge', 'late_charge') and e.account = 'used'
  ),
  paid as (
    select
      c.org_id,
      c.payment_id,
      sum(c.cents) as paid,
      sum(div(c.cents::numeric * (c.refunded + c.lost), c.amount)) as back,
      sum(div(c.cents::numeric * (c.refunded + c.lost + c.disputed), c.amount)) as gone
    from billing_stars.charges c
    join billing_stars.payments b on b.org_id = c.org_id and b.id = c.payment_id and b.currency = c.currency
    group by 1, 2
  ),
  taken as (
    select g.org_id, g.source, sum(r.stars) as stars
    from billing_stars.grants g
    join billing_stars.reversals r on r.org_id = g.org_id and r.grant_id = g.id
    where r.source ~ '^(refund|reinstated):'
    group by 1, 2
  ),
  posted as (
    select c.org_id, 'org_month' as layer, c.period as starts, 'org' as subject, sum(c.stars) as spent
    from charge c
    group by 1, 3
    union all
    select c.org_id, 'agent_day', c.day, c.agent_id::text, sum(c.stars)
    from charge c
    group by 1, 3, 4
    union all
    select c.org_id, 'user_agent_month', c.period, c.agent_id::text || '/' || c.person_id::text, sum(c.stars)
    from charge c
    where c.person_id is not null
    group by 1, 3, 4
  ),
  finding (equation, org_id, subject, expected, actual) as (
    select 'debits = credits', e.org_id, e.transaction_id::text, sum(e.debit)::text, sum(e.credit)::text
    from entry e
    group by 2, 3
    having sum(e.debit) <> sum(e.credit) or count(*) < 2
    union all
    select 'every transaction has entries', m.org_id, m.id::text, '> 0', '0'
    from move m
    where not exists (select from entry e where e.org_id = m.org_id and e.transaction_id = m.id)
    union all
    select
      'ledger without gaps',
      w.org_id,
      w.org_id::text,
      w.ledger_seq::text,
      m.n::text || ' up to ' || m.top::text
    from wallet w
    left join (select x.org_id, count(*) as n, max(x.seq) as top from move x group by 1) m
      on m.org_id = w.org_id
    where (coalesce(m.n, 0), coalesce(m.top, 0)) <> (w.ledger_seq, w.ledger_seq)
    union all
    select
      'wallet monthly = ledger',
      w.org_id,
      w.org_id::text,
      (1 * coalesce(a.sum, 0))::text,
      w.monthly_balance::text
    from wallet w
    left join account a on a.org_id = w.org_id and a.account = 'monthly'
    where w.monthly_balance <> 1 * coalesce(a.sum, 0)
    union all
    select
      'wallet package = ledger',
      w.org_id,
      w.org_id::text,
      (1 * coalesce(a.sum, 0))::text,
      w.package_balance::text
    from wallet w
    left join account a on a.org_id = w.org_id and a.account = 'package'
    where w.package_balance <> 1 * coalesce(a.sum, 0)
    union all
    select
      'wallet carried = ledger',
      w.org_id,
      w.org_id::text,
      (1 * coalesce(a.sum, 0))::text,
      w.carried::text
    from wallet w
    left join account a on a.org_id = w.org_id and a.account = 'carried'
    where w.carried <> 1 * coalesce(a.sum, 0)
    union all
    select
      'wallet overdraft = ledger',
      w.org_id,
      w.org_id::text,
      (-1 * coalesce(a.sum, 0))::text,
      w.overdraft::text
    from wallet w
    left join account a on a.org_id = w.org_id and a.account = 'overdraft'
    where w.overdraft <> -1 * coalesce(a.sum, 0)
    union all
    select
      'held = open holds',
      w.org_id,
      w.org_id::text,
      concat_ws(' ', coalesce(h.monthly, 0), coalesce(h.package, 0), coalesce(h.carried, 0)),
      concat_ws(' ', w.monthly_held, w.package_held, w.carried)
    from wallet w
    left join (
      select
        x.org_id,
        sum(case when x.period = y.period then x.from_monthly else 0 end) as monthly,
        sum(x.from_package) as package,
        sum(case when x.period < y.period then x.from_monthly else 0 end) as carried
      from hold x
      join wallet y on y.org_id = x.org_id
      where x.state = 'open'
      group by 1
    ) h on h.org_id = w.org_id
    where (
      coalesce(h.monthly, 0), coalesce(h.package, 0), coalesce(h.carried, 0)
    ) <> (w.monthly_held, w.package_held, w.carried)
    union all
    select
      'granted = grants - reversals',
      w.org_id,
      w.org_id::text,
      coalesce(g.sum, 0)::text,
      coalesce(-a.sum, 0)::text
    from wallet w
    left join account a on a.org_id = w.org_id and a.account = 'granted'
    left join (
      select s.org_id, sum(s.stars) as sum
      from (
        select org_id, stars
        from billing_stars.grants
        union all
        select org_id, -stars
        from billing_stars.reversals
      ) s
      group by 1
    ) g on g.org_id = w.org_id
    where coalesce(g.sum, 0) <> coalesce(-a.sum, 0)
    union all
    select
      'order = its charges',
      b.org_id,
      b.id::text,
      concat_ws(' ', coalesce(p.paid, 0), coalesce(p.back, 0), coalesce(p.gone - p.back, 0)),
      concat_ws(' ', b.paid_cents, b.refunded_cents, b.disputed_cents)
    from billing_stars.payments b
    left join paid p on p.org_id = b.org_id and p.payment_id = b.id
    where (
      coalesce(p.paid, 0), coalesce(p.back, 0), coalesce(p.gone - p.back, 0)
    ) <> (b.paid_cents, b.refunded_cents, b.disputed_cents)
      or b.paid_at is not null and b.paid_cents < b.cents
    union all
    select
      'Stars taken back = money that went back',
      b.org_id,
      b.id::text,
      d.stars::text,
      concat_ws(' ', b.refunded_stars, coalesce(t.stars, 0))
    from billing_stars.payments b
    left join taken t on t.org_id = b.org_id and t.source = b.grant_source
    cross join lateral (
      select case
        when b.paid_at is null then 0
        else div(
          b.stars::numeric * greatest(0, b.cents - b.paid_cents + b.refunded_cents + b.disputed_cents),
          b.cents
        )
      end as stars
    ) d
    where (d.stars, d.stars) <> (b.refunded_stars, coalesce(t.stars, 0))
    union all
    select 'one renewal a month', b.org_id, to_char(b.period, 'YYYY-MM-DD'), '1', count(*)::text
    from billing_stars.payments b
    where b.kind = 'renewal'
    group by b.org_id, b.period
    having count(*) > 1
    union all
    select
      'used = settled holds',
      w.org_id,
      w.org_id::text,
      coalesce(h.sum, 0)::text,
      coalesce(a.sum, 0)::text
    from wallet w
    left join account a on a.org_id = w.org_id and a.account = 'used'
    left join (select x.org_id, sum(x.settled) as sum from hold x group by 1) h on h.org_id = w.org_id
    where coalesce(h.sum, 0) <> coalesce(a.sum, 0)
    union all
    select
      'one charge per settled hold',
      coalesce(h.org_id, c.org_id),
      coalesce(h.id, c.hold_id)::text,
      h.settled::text,
      concat_ws(' of ', c.n, c.stars)
    from hold h
    full join (
      select m.org_id, m.hold_id, count(*) as n, sum(e.debit) as stars
      from move m
      join entry e on e.org_id = m.org_id and e.transaction_id = m.id
      where e.account = 'used'
      group by 1, 2
    ) c on c.org_id = h.org_id and c.hold_id = h.id
    where coalesce(c.stars, 0) is distinct from h.settled or coalesce(c.n, 0) <> (h.settled > 0)::int
    union all
    select
      'counters = holds',
      coalesce(u.org_id, k.org_id),
      concat_ws(
        ' ', coalesce(u.layer, k.layer), coalesce(u.starts, k.starts), coalesce(u.subject, k.subject)
      ),
      concat_ws(' ', u.spent, u.overrun, u.held),
      concat_ws(' ', k.spent, k.overrun, k.held)
    from usage u
    full join counter k
      on k.org_id = u.org_id and k.layer = u.layer and k.starts = u.starts and k.subject = u.subject
    where (coalesce(u.spent, 0), coalesce(u.overrun, 0), coalesce(u.held, 0))
      <> (coalesce(k.spent, 0), coalesce(k.overrun, 0), coalesce(k.held, 0))
    union all
    select
      'counters = ledger',
      k.org_id,
      concat_ws(' ', k.layer, k.starts, k.subject),
      coalesce(p.spent, 0)::text,
      k.spent::text
    from counter k
    left join posted p
      on p.org_id = k.org_id and p.layer = k.layer and p.starts = k.starts and p.subject = k.subject
    where k.spent <> coalesce(p.spent, 0)
    union all
    select
      'spent + held ≤ cap, but for overruns',
      k.org_id,
      concat_ws(' ', k.layer, k.starts, k.subject),
      k.allowed::text,
      (k.spent - k.overrun + k.held)::text
    from counter k
    where k.spent - k.overrun + k.held > k.allowed
    union all
    select
      'held ≤ balance',
      w.org_id,
      w.org_id::text,
      concat_ws(' ', w.monthly_balance, w.package_balance),
      concat_ws(' ', w.monthly_held, w.package_held)
    from wallet w
    where w.monthly_held > w.monthly_balance or w.package_held > w.package_balance
  )
  select *
  from finding
$$;

comment on function billing_stars.ledger_findings is
  'The equations of the money, as one statement and so at one instant: rows are what is wrong, for what, and '
  'both sides of it. Everything is summed anew from holds and entries; nothing a function has counted is taken '
  'for granted but by comparing it. It runs with its caller’s rights: the checker is told of all organizations, '
  'the runtime role of its own.';

revoke all on function billing_stars.ledger_findings from public;
grant execute on function billing_stars.ledger_findings to billing_stars_app, billing_stars_checker;
