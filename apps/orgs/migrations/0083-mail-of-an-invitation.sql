-- What became of an invitation's mail is told with it; of those that were mailed before, nothing is known.

alter table "orgs"."invitations" add column "mail" text null;
alter table "orgs"."invitations" add constraint "invitations_mail_check" check ("mail" in ('waiting', 'sent', 'failed'));
alter table orgs.invitations drop constraint invitations_sized;
alter table orgs.invitations add constraint invitations_sized check (octet_length(email) <= 10000 and octet_length(role) <= 10000 and octet_length(status) <= 10000 and octet_length(mail) <= 10000) not valid;
grant update (mail) on orgs.invitations to orgs_app;
