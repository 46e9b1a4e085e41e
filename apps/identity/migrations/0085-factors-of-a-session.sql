-- A second factor that waits to be confirmed waits no longer than the session stands that began it. Of one that waits now
-- nobody knows by which: it ends with its quarter of an hour, a new password or a sign-out everywhere.
alter table identity.accounts add column pending_factor_session uuid null;
