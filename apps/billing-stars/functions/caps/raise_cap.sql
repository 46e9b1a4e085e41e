create or replace function billing_stars.raise_cap(
  for_layer text,
  agent uuid,
  person uuid,
  raised bigint,
  until timestamptz,
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
    of_subject text := billing_stars.cap_subject(for_layer, agent, person);
  begin
    perform billing_stars.check_stars(raised, 1);
    w := billing_stars.enter_wallet(org);
    if w.org_id is null then
      return jsonb_build_object('outcome', 'no_wallet');
    end if;
    if until <= w.moment then
      return jsonb_build_object('outcome', 'over');
    end if;
    select *
    into c
    from billing_stars.caps x
    where x.org_id = w.org_id and x.layer = for_layer and x.subject in (of_subject, '*')
    order by x.subject = '*'
    limit 1
    for update;
    if c.id is null then
      select l.standard
      into c.stars
      from billing_stars.cap_layers() l
      where l.layer = for_layer;
    end if;
    if c.stars is null then
      return jsonb_build_object('outcome', 'no_cap');
    end if;
    insert into billing_stars.caps as x (
      org_id, id, layer, subject, agent_id, person_id, stars, raise_to, raise_until, changed_by, changed_at
    )
    values (w.org_id, uuidv7(), for_layer, of_subject, agent, person, c.stars, raised, until, by_actor, w.moment)
    on conflict (org_id, layer, subject) do update set
      raise_to = excluded.raise_to,
      raise_until = excluded.raise_until,
      version = x.version + 1,
      changed_by = excluded.changed_by,
      changed_at = excluded.changed_at
    returning x.*
    into c;
    return jsonb_build_object('outcome', 'set', 'id', c.id);
  end;
end
$$;

comment on function billing_stars.raise_cap is
  'Until then the higher of cap and raise counts. Who has no cap of its own gets that for all, or the standard one of '
  'the layer.';

revoke all on function billing_stars.raise_cap from public;
grant execute on function billing_stars.raise_cap to billing_stars_app;
