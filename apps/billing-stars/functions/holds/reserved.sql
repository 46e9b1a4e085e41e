create or replace function billing_stars.reserved(h billing_stars.holds)
returns jsonb
language plpgsql
as $$
begin
  return jsonb_build_object(
    'outcome', 'reserved', 'hold_id', h.id, 'stars', h.stars, 'from_monthly', h.from_monthly,
    'from_package', h.from_package, 'price_version', h.price_version, 'expires_at', h.answered_until
  );
end
$$;

comment on function billing_stars.reserved is
  'The hold as its maker is told, the same words each time the same request comes.';

revoke all on function billing_stars.reserved from public;
