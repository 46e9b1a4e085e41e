-- What is charged after a hold has ended overwrites when that was, and what caps would have let in meanwhile depends on it.
alter table billing_stars.holds add column given_back_at timestamptz(6) null;
