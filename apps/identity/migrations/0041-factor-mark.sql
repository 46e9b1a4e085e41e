-- A session bears a mark for a second factor that only the service can make. Sessions of before have none: whoever is asked
-- for a second factor signs in again.

alter table identity.sessions drop column mfa, add column factor_mark uuid null;
grant update (factor_mark) on identity.sessions to identity_app;
