create or replace function billing_stars.warn(w billing_stars.wallets, of billing_stars.warnings)
returns void
language plpgsql
as $$
begin
  insert into billing_stars.warnings (
    org_id, id, layer, subject, starts, threshold, agent_id, person_id, stars, used, at
  )
  values (
    w.org_id, uuidv7(), of.layer, of.subject, of.starts, of.threshold, of.agent_id, of.person_id, of.stars,
    of.used, w.moment
  )
  on conflict (org_id, layer, starts, subject, threshold) do nothing;
  if found then
    perform billing_stars.tell(
      w,
      'billing-stars.wallet.warned.v1',
      jsonb_build_object(
        'layer', of.layer, 'agent_id', of.agent_id, 'person_id', of.person_id, 'starts', of.starts,
        'threshold', of.threshold, 'stars', of.stars, 'used', of.used
      )
    );
  end if;
end
$$;

comment on function billing_stars.warn is
  'Notes a threshold that was crossed, and tells of it once, in the same commit as what crossed it.';

revoke all on function billing_stars.warn from public;
