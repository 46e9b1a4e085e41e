-- Whoever used a refresh token is given the next one again for a moment.

alter table identity.refresh_tokens add column used_by uuid null;
grant update (used_by) on identity.refresh_tokens to identity_app;
