/** Of each table, what its rows keep to. */
const BOUNDS: Readonly<Record<string, string>> = {
  people: `length(name) <= 200 and isfinite(created_at)`,
  credentials: `password_hash ~ '^\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}$' and isfinite(changed_at)`,
  totp_factors: `length(state) <= 16 and sealed_secret ~ '^v1(\\.[A-Za-z0-9_-]{1,200}){3}$' and isfinite(created_at)`,
  sessions: `isfinite(created_at) and isfinite(last_used_at) and isfinite(expires_at) and isfinite(ended_at) and length(address) <= 64 and length(user_agent) <= 300 and length(end_reason) <= 32`,
  refresh_tokens: `length(token_hash) <= 64 and isfinite(created_at) and isfinite(expires_at) and isfinite(used_at)`,
  security_events: `isfinite(at) and length(kind) <= 64 and length(address) <= 64 and length(request_id) <= 64`,
  person_commands: `length(actor) <= 200 and length(message_type) <= 200 and length(idempotency_key) <= 200 and length(request_hash) <= 64 and length(reply) <= 65536`,
};

/**
 * Bounds of what stands in a person's rows. One process works with everybody's: what a statement under one person's tag
 * writes there must cost it no more than what the service writes itself.
 */
export const personBounds = Object.entries(BOUNDS).map(
  ([table, check]) => `alter table identity.${table} add constraint ${table}_bounds check (${check});`,
);
