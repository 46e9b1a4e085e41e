-- As many jobs of a kind are at work of an organization as the kind has places; it was one.
alter table agents.jobs add column "place" smallint null;
drop index agents.jobs_one_at_work;
create unique index jobs_at_work on agents.jobs (org_id, kind, place) where lease is not null;
-- From the beginning on, functions come behind all migrations.
drop function if exists agents.claim_job(uuid, uuid);
