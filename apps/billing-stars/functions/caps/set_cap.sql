create or replace function billing_stars.set_cap(
  for_layer text,
  agent uuid,
  person uuid,
  cap bigint,
  if_match int,
  by_actor text
)
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
    c billing_stars.caps;
  begin
    if cap is not null then
      perform billing_stars.check_stars(cap, 0);
    end if;
    w := billing_stars.enter_wallet(org);
    if w.org_id is null then
      return jsonb_build_object('outcome', 'no_wallet');
    end if;
    select *
    into c
    from billing_stars.caps x
    where x.org_id = w.org_id
      and x.layer = for_layer
      and x.subject = billing_stars.cap_subject(for_layer, agent, person)
    for update;
    if if_match is not null and if_match is distinct from c.version then
      return jsonb_build_object('outcome', 'changed');
    end if;
    insert into billing_stars.caps as x (
      org_id, id, layer, subject, agent_id, person_id, stars, changed_by, changed_at
    )
    values (
      w.org_id,
      uuidv7(),
      for_layer,
      billing_stars.cap_subject(for_layer, agent, person),
      agent,
      person,
      cap,
      by_actor,
      w.moment
    )
    on conflict (org_id, layer, subject) do update set
      stars = excluded.stars,
      version = x.version + 1,
      changed_by = excluded.changed_by,
      changed_at = excluded.changed_at
    returning x.*
    into c;
    return jsonb_build_object('outcome', 'set', 'id', c.id);
  end;
end
$$;

comment on function billing_stars.set_cap is
  'Null takes the cap away. Below what is used already, nothing new is reserved; open holds end as they would.';

revoke all on function billing_stars.set_cap from public;
grant execute on function billing_stars.set_cap to billing_stars_app;
