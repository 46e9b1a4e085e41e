-- What a person's rows hold costs the process that works with everybody's no more than what the service writes itself. What
-- does not keep to that was not written by the service: it goes, or is cut, and has no say in whether this is applied.

do $$
declare
  named text;
  bound text;
begin
  alter table identity.people no force row level security;
  update identity.people set name = left(name, 200), created_at = case when isfinite(created_at) then created_at else now() end
    where length(name) > 200 or not isfinite(created_at);
  alter table identity.people force row level security;
  for named, bound in values
    ('people', $bound$length(name) <= 200 and isfinite(created_at)$bound$),
    ('credentials', $bound$password_hash ~ '^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$' and isfinite(changed_at)$bound$),
    ('totp_factors', $bound$length(state) <= 16 and sealed_secret ~ '^v1(\.[A-Za-z0-9_-]{1,200}){3}$' and last_step between 0 and 4294967296 and isfinite(created_at)$bound$),
    ('sessions', $bound$isfinite(created_at) and isfinite(last_used_at) and isfinite(expires_at) and isfinite(ended_at) and length(address) <= 64 and length(user_agent) <= 300 and length(end_reason) <= 32$bound$),
    ('refresh_tokens', $bound$length(token_hash) <= 64 and isfinite(created_at) and isfinite(expires_at) and isfinite(used_at)$bound$),
    ('security_events', $bound$isfinite(at) and length(kind) <= 64 and length(address) <= 64 and length(request_id) <= 64$bound$),
    ('person_commands', $bound$length(actor) <= 200 and length(message_type) <= 200 and length(idempotency_key) <= 200 and length(request_hash) <= 64 and length(reply) <= 65536$bound$)
  loop
    execute format('alter table identity.%I no force row level security', named);
    execute format('delete from identity.%I where not (%s)', named, bound);
    execute format('alter table identity.%I force row level security', named);
    execute format('alter table identity.%I add constraint %I check (%s)', named, named || '_bounds', bound);
  end loop;
end $$;
