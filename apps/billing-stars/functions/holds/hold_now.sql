create or replace function billing_stars.hold_now(h billing_stars.holds, told text)
returns jsonb
language plpgsql
as $$
begin
  return jsonb_build_object(
    'outcome', told,
    'hold_id', h.id,
    'state', h.state,
    'stars', h.stars,
    'settled', h.settled,
    'from_monthly', h.paid_monthly,
    'from_package', h.paid_package,
    'overdrawn', h.settled - h.paid_monthly - h.paid_package,
    'expires_at', h.expires_at
  );
end
$$;

comment on function billing_stars.hold_now is
  'The hold as it is now.';

revoke all on function billing_stars.hold_now from public;
