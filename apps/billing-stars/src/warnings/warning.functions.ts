import { typeOf, WalletWarnedEvent } from '@apollo/contracts';
import { step } from '../schema.functions.js';
import { THRESHOLDS } from './warning.tables.js';

const thresholds = `array[${THRESHOLDS.join(', ')}]`;

/** The first threshold that nobody was told of yet. */
const nextOf = (warned: string): string =>
  `case ${THRESHOLDS.map((threshold) => `when ${warned} < ${threshold} then ${threshold}`).join(' ')} end`;

/**
 * True when what is used of a cap reaches a threshold nobody was told of: the one comparison a reservation pays for
 * warnings.
 */
export const reaches = (used: string, cap: string, warned: string): string =>
  `${used} * 100 >= ${cap} * ${nextOf(warned)}`;

/*
 * All of them run under the wallet's lock, in the function that spends: whoever crosses a threshold tells of it, in the
 * same commit. What has crossed none does nothing but compare two numbers.
 */
export const warningFunctions: readonly string[] = [
  // At how many free Stars the next warning of the wallet is due; below zero when none is left.
  `create function billing_stars.warn_level(allotted bigint, warned int) returns bigint language sql immutable as $$
  select case when allotted <= 0 then -1 else coalesce(allotted * (100 - (${nextOf('warned')})) / 100, -1) end
$$;
revoke all on function billing_stars.warn_level from public;`,

  // Writes a durable event down, as `Outbox` of libs/messaging does; the entity is the wallet, whose lock orders them.
  // Whoever called learns by the setting that there is something to publish.
  step(
    'tell(w billing_stars.wallets, told text, payload jsonb)',
    'void',
    `declare
  event uuid := uuidv7();
begin
  insert into billing_stars.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, body, created_at, written_in)
    select w.org_id, event, told, 'wallet', w.org_id, coalesce(max(o.entity_version), 0) + 1, 'system:billing-stars', event::text, payload::text,
      clock_timestamp(), pg_current_xact_id()::text::bigint
    from billing_stars.outbox o where o.org_id = w.org_id and o.entity = 'wallet' and o.entity_id = w.org_id;
  perform pg_catalog.set_config('billing_stars.told', 'on', true);
end`,
  ),

  step(
    'warn(w billing_stars.wallets, of billing_stars.warnings)',
    'void',
    `begin
  insert into billing_stars.warnings (org_id, id, layer, subject, starts, threshold, agent_id, person_id, stars, used, at)
    values (w.org_id, uuidv7(), of.layer, of.subject, of.starts, of.threshold, of.agent_id, of.person_id, of.stars, of.used, w.moment)
    on conflict (org_id, layer, starts, subject, threshold) do nothing;
  if found then
    perform billing_stars.tell(w, '${typeOf(WalletWarnedEvent)}', jsonb_build_object('layer', of.layer, 'agent_id', of.agent_id, 'person_id', of.person_id,
      'starts', of.starts, 'threshold', of.threshold, 'stars', of.stars, 'used', of.used));
  end if;
end`,
  ),

  step(
    'warn_wallet(w billing_stars.wallets)',
    'billing_stars.wallets',
    `declare
  of billing_stars.warnings;
  free bigint := w.monthly_balance - w.monthly_held + w.package_balance - w.package_held;
  threshold int;
begin
  foreach threshold in array ${thresholds} loop
    if threshold > w.warned and free <= billing_stars.warn_level(w.allotted, threshold - 1) then
      of.layer := 'wallet';
      of.subject := 'org';
      of.starts := w.period;
      of.threshold := threshold;
      of.stars := w.allotted;
      of.used := w.allotted - free;
      perform billing_stars.warn(w, of);
      w.warned := threshold;
    end if;
  end loop;
  update billing_stars.wallets x set warned = w.warned, warn_at = billing_stars.warn_level(w.allotted, w.warned)
    where x.org_id = w.org_id and x.id = w.org_id returning x.* into strict w;
  return w;
end`,
  ),

  step(
    'warn_counters(w billing_stars.wallets, agent uuid, person uuid, of_period date, of_day date)',
    'void',
    `declare
  of billing_stars.warnings;
  counter record;
  threshold int;
begin
  for counter in
    select l.place, k.id, k.layer, k.subject, k.starts, k.allowed, k.warned, k.spent + k.held as used
    from billing_stars.layers_of(agent, person, of_period, of_day) l
    join billing_stars.cap_counters k on k.org_id = w.org_id and k.layer = l.layer and k.starts = l.starts and k.subject = l.subject
    where k.allowed is not null and ${reaches('(k.spent + k.held)', 'k.allowed', 'k.warned')} order by l.place
  loop
    foreach threshold in array ${thresholds} loop
      if threshold > counter.warned and counter.used * 100 >= counter.allowed * threshold then
        of.layer := counter.layer;
        of.subject := counter.subject;
        of.starts := counter.starts;
        of.threshold := threshold;
        of.agent_id := case when counter.place > 1 then agent end;
        of.person_id := case when counter.place > 2 then person end;
        of.stars := counter.allowed;
        of.used := counter.used;
        perform billing_stars.warn(w, of);
        counter.warned := threshold;
      end if;
    end loop;
    update billing_stars.cap_counters k set warned = counter.warned where k.org_id = w.org_id and k.id = counter.id;
  end loop;
end`,
  ),
];
