-- The links of a purged organization stay where they are known by their hashes: once they were gone, another organization
-- could have noted the same hash as the first.
drop function if exists orgs.purge_invitation_links(int);
