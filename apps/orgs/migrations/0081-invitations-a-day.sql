-- What an organization sent lately is counted before each invitation.

create index "invitations_org_id_created_at_index" on "orgs"."invitations" ("org_id", "created_at");
