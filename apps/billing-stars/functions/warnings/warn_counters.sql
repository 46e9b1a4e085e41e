create or replace function billing_stars.warn_counters(
  w billing_stars.wallets,
  agent uuid,
  person uuid,
  of_period date,
  of_day date
)
returns void
language plpgsql
as $$
declare
  of billing_stars.warnings;
  counter record;
  threshold int;
begin
  for counter in
    select
      c.of_agent, c.of_person, k.id, k.layer, k.subject, k.starts, k.allowed, k.warned, k.spent + k.held as used
    from billing_stars.layers_of(agent, person, of_period, of_day) l
    join billing_stars.cap_layers() c on c.layer = l.layer
    join billing_stars.cap_counters k
      on k.org_id = w.org_id and k.layer = l.layer and k.starts = l.starts and k.subject = l.subject
    where k.allowed is not null
      and (k.spent + k.held) * 100 >= k.allowed * case
        when k.warned < 50 then 50
        when k.warned < 80 then 80
        when k.warned < 100 then 100
      end
    order by l.place
  loop
    foreach threshold in array array[50, 80, 100] loop
      if threshold > counter.warned and counter.used * 100 >= counter.allowed * threshold then
        of.layer := counter.layer;
        of.subject := counter.subject;
        of.starts := counter.starts;
        of.threshold := threshold;
        of.agent_id := case when counter.of_agent then agent end;
        of.person_id := case when counter.of_person then person end;
        of.stars := counter.allowed;
        of.used := counter.used;
        perform billing_stars.warn(w, of);
        counter.warned := threshold;
      end if;
    end loop;
    update billing_stars.cap_counters k
    set warned = counter.warned
    where k.org_id = w.org_id and k.id = counter.id;
  end loop;
end
$$;

comment on function billing_stars.warn_counters is
  'Tells of each threshold that what is used of an action’s caps has crossed. Under the wallet’s lock, in the '
  'function that spends.';

revoke all on function billing_stars.warn_counters from public;
