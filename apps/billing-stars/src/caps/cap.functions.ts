import { entryPoint } from '../schema.functions.js';

/** Stars each agent may use per day where nobody has said otherwise. */
export const AGENT_DAY_STARS = 1_000;

export const capFunctions: readonly string[] = [
  // The layers an action counts against, in the order they are asked.
  `create function billing_stars.layers_of(agent uuid, person uuid, period date, today date)
returns table (place int, layer text, subject text, starts date, standard bigint) language sql immutable as $$
  select 1, 'org_month', 'org', period, null::bigint
  union all select 2, 'agent_day', agent::text, today, ${AGENT_DAY_STARS}
  union all select 3, 'user_agent_month', agent::text || '/' || person::text, period, null where person is not null
$$;
revoke all on function billing_stars.layers_of from public;`,

  // The subject a cap is for; an exception where layer and ids do not fit.
  `create function billing_stars.cap_subject(for_layer text, agent uuid, person uuid) returns text language plpgsql immutable as $$
begin
  if for_layer = 'org_month' and agent is null and person is null then return 'org'; end if;
  if for_layer = 'agent_day' and person is null then return coalesce(agent::text, '*'); end if;
  if for_layer = 'user_agent_month' and (agent is null) = (person is null) then return coalesce(agent::text || '/' || person::text, '*'); end if;
  raise exception 'the layer is not about these' using errcode = '22023';
end
$$;
revoke all on function billing_stars.cap_subject from public;`,

  // Null takes the cap away. Below what is used already, nothing new is reserved; open holds end as they would.
  entryPoint(
    'set_cap(for_layer text, agent uuid, person uuid, cap bigint, if_match int, by_actor text)',
    'jsonb',
    `declare
  w billing_stars.wallets;
  c billing_stars.caps;
begin
  if cap is not null then perform billing_stars.check_stars(cap, 0); end if;
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return jsonb_build_object('outcome', 'no_wallet'); end if;
  select * into c from billing_stars.caps x where x.org_id = w.org_id and x.layer = for_layer and x.subject = billing_stars.cap_subject(for_layer, agent, person) for update;
  if if_match is not null and if_match is distinct from c.version then return jsonb_build_object('outcome', 'changed'); end if;
  insert into billing_stars.caps as x (org_id, id, layer, subject, agent_id, person_id, stars, changed_by, changed_at)
    values (w.org_id, uuidv7(), for_layer, billing_stars.cap_subject(for_layer, agent, person), agent, person, cap, by_actor, w.moment)
    on conflict (org_id, layer, subject) do update set stars = excluded.stars, version = x.version + 1, changed_by = excluded.changed_by, changed_at = excluded.changed_at
    returning x.* into c;
  return jsonb_build_object('outcome', 'set', 'id', c.id);
end`,
  ),

  // Until then the higher of cap and raise counts. Where an agent has no cap of its own, it gets the standard one.
  entryPoint(
    'raise_cap(for_layer text, agent uuid, person uuid, raised bigint, until timestamptz, by_actor text)',
    'jsonb',
    `declare
  w billing_stars.wallets;
  c billing_stars.caps;
  of_subject text := billing_stars.cap_subject(for_layer, agent, person);
begin
  perform billing_stars.check_stars(raised, 1);
  w := billing_stars.enter_wallet(org);
  if w.org_id is null then return jsonb_build_object('outcome', 'no_wallet'); end if;
  if until <= w.moment then return jsonb_build_object('outcome', 'over'); end if;
  select * into c from billing_stars.caps x where x.org_id = w.org_id and x.layer = for_layer and x.subject in (of_subject, '*')
    order by x.subject = '*' limit 1 for update;
  if c.id is null and for_layer = 'agent_day' then c.stars := ${AGENT_DAY_STARS}; end if;
  if c.stars is null then return jsonb_build_object('outcome', 'no_cap'); end if;
  insert into billing_stars.caps as x (org_id, id, layer, subject, agent_id, person_id, stars, raise_to, raise_until, changed_by, changed_at)
    values (w.org_id, uuidv7(), for_layer, of_subject, agent, person, c.stars, raised, until, by_actor, w.moment)
    on conflict (org_id, layer, subject) do update set raise_to = excluded.raise_to, raise_until = excluded.raise_until, version = x.version + 1,
      changed_by = excluded.changed_by, changed_at = excluded.changed_at
    returning x.* into c;
  return jsonb_build_object('outcome', 'set', 'id', c.id);
end`,
  ),
];
