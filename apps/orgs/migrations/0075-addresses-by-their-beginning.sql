-- An invitation is found by the beginning of its address, which is the whole of each that the service writes: no row is too long
-- for the index, whatever SQL wrote it. 0056 is applied as it was where no row was.

drop index orgs.invitations_of_address;
create index invitations_of_address on orgs.invitations (org_id, left(email, 254), created_at);

-- A key holds the whole of a digest. What is longer was not written by the service, and no link leads to it: its own digest fits.
alter table orgs.invitation_links add constraint invitation_links_bounded check (octet_length(token_hash) <= 200) not valid;
update orgs.invitation_links set token_hash = encode(sha256(convert_to(token_hash, 'UTF8')), 'hex') where octet_length(token_hash) > 200;
