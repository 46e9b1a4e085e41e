alter table orgs.invitation_links add column opened_at timestamptz(6) not null default clock_timestamp();
alter table orgs.invitation_links alter column opened_at drop default;
alter table orgs.invitation_links add column closed boolean not null default false;
alter table orgs.invitation_links drop constraint invitation_links_pkey;
-- What is longer than a digest was not written by the service; its own digest fits. The table is written anew: a key is made of rows
-- that were changed just now, too.
alter table orgs.invitation_links alter column token_hash type text
  using case when octet_length(token_hash) > 200 then encode(sha256(convert_to(token_hash, 'UTF8')), 'hex') else token_hash end;
alter table orgs.invitation_links add constraint invitation_links_pkey primary key (token_hash, org_id);

create or replace function orgs.find_invitation(hash text)
returns table (org_id uuid, invitation_id uuid) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select d.org_id, d.invitation_id from orgs.invitation_links d where d.token_hash = hash and not d.closed
    and not exists (select from orgs.invitation_links e where e.token_hash = hash and e.opened_at < d.opened_at);
end
$$;

create or replace function orgs.open_link(hash text, invitation uuid)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into orgs.invitation_links (token_hash, org_id, invitation_id, opened_at) values (hash, tenancy.org_id(), invitation, clock_timestamp());
end
$$;

create or replace function orgs.close_link(invitation uuid)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  update orgs.invitation_links d set closed = true where d.org_id = tenancy.org_id() and d.invitation_id = invitation;
end
$$;

create or replace function orgs.close_org()
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  delete from orgs.seats d where d.org_id = org;
  update orgs.invitation_links d set closed = true where d.org_id = org;
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), org, null, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' limit 100 for update skip locked);
end
$$;
