-- An address gets a few invitations of one organization a day: what was mailed to it lately is counted before each mail.

create index invitations_of_address on orgs.invitations (org_id, left(email, 254), created_at);
