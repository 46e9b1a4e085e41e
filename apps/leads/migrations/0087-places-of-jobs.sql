-- As many jobs of a kind are at work of an organization as the kind has places; it was one.
alter table leads.jobs add column "place" smallint null;
drop index leads.jobs_one_at_work;
create unique index jobs_at_work on leads.jobs (org_id, kind, place) where lease is not null;
drop function leads.claim_job(uuid, uuid);
