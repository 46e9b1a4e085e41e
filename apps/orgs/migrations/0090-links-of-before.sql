-- Links that were mailed before their proofs named an organization are those that are noted now; a hash that is noted
-- from here on stands for a proof that does.
alter table orgs.invitation_links add column of_before boolean not null default true;
alter table orgs.invitation_links alter column of_before set default false;
