create table "orgs"."access_changes" ("id" uuid not null, "org_id" uuid not null, "user_id" uuid null, "changed_in" bigint not null, "at" timestamptz not null, primary key ("id"));
create index "access_changes_changed_in_index" on "orgs"."access_changes" ("changed_in");
create index "access_changes_at_index" on "orgs"."access_changes" ("at");

create table "orgs"."audit_entries" ("org_id" uuid not null, "id" uuid not null, "seq" bigint not null, "at" timestamptz not null, "actor" text not null, "action" text not null, "outcome" text not null, "subject" text null, "detail" jsonb not null, "request_id" text not null, "hash" text not null, primary key ("org_id", "id"));
create index "audit_entries_org_id_actor_seq_index" on "orgs"."audit_entries" ("org_id", "actor", "seq");
alter table "orgs"."audit_entries" add constraint "audit_entries_org_id_seq_unique" unique ("org_id", "seq");

create table "orgs"."audit_heads" ("org_id" uuid not null, "id" uuid not null, "seq" bigint not null, "hash" text not null, primary key ("org_id", "id"));

create table "orgs"."creations" ("user_id" uuid not null, "place" int not null, "org_id" uuid not null, "purge_after" timestamptz(3) null, primary key ("user_id", "place"));
alter table "orgs"."creations" add constraint "creations_org_id_unique" unique ("org_id");

create table "orgs"."invitations" ("org_id" uuid not null, "id" uuid not null, "email" text not null, "role" text not null, "status" text not null, "mail" text null, "invited_by" uuid not null, "accepted_by" uuid null, "created_at" timestamptz(3) not null, "expires_at" timestamptz(3) not null, primary key ("org_id", "id"));
create index "invitations_org_id_created_at_index" on "orgs"."invitations" ("org_id", "created_at");
create unique index invitations_one_pending on orgs.invitations (org_id, email) where status = 'pending';
create index invitations_of_address on orgs.invitations (org_id, left(email, 254), created_at);
alter table "orgs"."invitations" add constraint "invitations_role_check" check ("role" in ('owner', 'admin', 'member', 'viewer'));
alter table "orgs"."invitations" add constraint "invitations_status_check" check ("status" in ('pending', 'accepted', 'revoked', 'superseded'));
alter table "orgs"."invitations" add constraint "invitations_mail_check" check ("mail" in ('waiting', 'sent', 'failed'));

create table "orgs"."invitation_links" ("token_hash" text not null, "org_id" uuid not null, "invitation_id" uuid not null, "opened_at" timestamptz(6) not null, "closed" boolean not null default false, primary key ("token_hash", "org_id"));
create index "invitation_links_org_id_invitation_id_index" on "orgs"."invitation_links" ("org_id", "invitation_id");

create table "orgs"."members" ("org_id" uuid not null, "id" uuid not null, "email" text not null, "name" text not null, "role" text not null, "joined_at" timestamptz(3) not null, "version" int not null default 1, primary key ("org_id", "id"));
create index "members_org_id_email_index" on "orgs"."members" ("org_id", "email");
create index "members_org_id_joined_at_id_index" on "orgs"."members" ("org_id", "joined_at", "id");
alter table "orgs"."members" add constraint "members_role_check" check ("role" in ('owner', 'admin', 'member', 'viewer'));

create table "orgs"."organizations" ("org_id" uuid not null, "id" uuid not null, "slug" text not null, "name" text not null, "description" text null, "country" text null, "time_zone" text not null, "language" text not null, "currency" text not null, "mfa_required" boolean not null default false, "status" text not null default 'active', "created_at" timestamptz(3) not null, "deleted_at" timestamptz(3) null, "purge_after" timestamptz(3) null, "version" int not null default 1, primary key ("org_id", "id"));
alter table "orgs"."organizations" add constraint "organizations_status_check" check ("status" in ('active', 'deleted'));

create table "orgs"."org_commands" ("org_id" uuid not null, "id" uuid not null, "actor" text not null, "message_type" text not null, "idempotency_key" text not null, "request_hash" text not null, "reply" text not null, "created_at" timestamptz not null default now(), primary key ("org_id", "id"));
create index "org_commands_org_id_created_at_index" on "orgs"."org_commands" ("org_id", "created_at");
alter table "orgs"."org_commands" add constraint "org_commands_org_id_actor_message_type_idempotency_key_unique" unique ("org_id", "actor", "message_type", "idempotency_key");

create table "orgs"."outbox" ("org_id" uuid not null, "id" uuid not null, "type" text not null, "entity" text not null, "entity_id" uuid not null, "entity_version" bigint not null, "actor" text not null, "person_id" uuid null, "request_id" text not null, "trace" text null, "body" text not null, "created_at" timestamptz(3) not null, "written_in" bigint not null, "published_at" timestamptz(3) null, "refused" text null, primary key ("org_id", "id"));
create index outbox_unpublished on orgs.outbox (org_id, created_at, id) where published_at is null;
create index outbox_committed on orgs.outbox (written_in, id);
create index outbox_of_org on orgs.outbox (org_id, written_in, id);
alter table "orgs"."outbox" add constraint "outbox_org_id_entity_entity_id_entity_version_unique" unique ("org_id", "entity", "entity_id", "entity_version");

create table "orgs"."person_commands" ("user_id" uuid not null, "id" uuid not null, "actor" text not null, "message_type" text not null, "idempotency_key" text not null, "request_hash" text not null, "reply" text not null, "created_at" timestamptz not null default now(), primary key ("user_id", "id"));
create index "person_commands_user_id_created_at_index" on "orgs"."person_commands" ("user_id", "created_at");
alter table "orgs"."person_commands" add constraint "person_commands_user_id_actor_message_type_idempo_868c2_unique" unique ("user_id", "actor", "message_type", "idempotency_key");

create table "orgs"."platform_commands" ("realm" uuid not null default '00000000-0000-4000-8000-706c6174666f', "id" uuid not null, "actor" text not null, "message_type" text not null, "idempotency_key" text not null, "request_hash" text not null, "reply" text not null, "created_at" timestamptz not null default now(), primary key ("realm", "id"));
create index "platform_commands_realm_created_at_index" on "orgs"."platform_commands" ("realm", "created_at");
alter table "orgs"."platform_commands" add constraint "platform_commands_realm_actor_message_type_idempo_cdae5_unique" unique ("realm", "actor", "message_type", "idempotency_key");

create table "orgs"."seats" ("user_id" uuid not null, "slug" text not null, "org_id" uuid not null, "role" text not null, "version" int not null, primary key ("user_id", "slug"));
create index "seats_org_id_user_id_index" on "orgs"."seats" ("org_id", "user_id");

create table "orgs"."slugs" ("slug" text not null, "org_id" uuid not null, "status" text not null, "mfa_required" boolean not null, primary key ("slug"));
alter table "orgs"."slugs" add constraint "slugs_org_id_unique" unique ("org_id");
alter table "orgs"."slugs" add constraint "slugs_status_check" check ("status" in ('active', 'deleted'));

create table "orgs"."standings" ("org_id" uuid not null, "decision" int not null, "status" text not null, "reason" text null, "decided_by" text not null, "decided_at" timestamptz(3) not null, "request_id" text not null, "logged" boolean not null, primary key ("org_id", "decision"));
create index standings_to_log on orgs.standings (org_id, decision) where not logged;
alter table "orgs"."standings" add constraint "standings_status_check" check ("status" in ('active', 'suspended'));

create table "orgs"."mails" ("realm" uuid not null default '00000000-0000-4000-8000-706c6174666f', "id" uuid not null, "turn" uuid not null, "sealed" text not null, "attempts" int not null default 0, "due_at" timestamptz(3) not null, "until" timestamptz(3) not null, primary key ("realm", "id"));
create index "mails_realm_turn_due_at_index" on "orgs"."mails" ("realm", "turn", "due_at");

alter table "orgs"."access_changes" enable row level security;
alter table "orgs"."access_changes" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."access_changes" to "orgs_owner" using (true) with check (true);
alter table "orgs"."audit_entries" enable row level security;
alter table "orgs"."audit_entries" force row level security;
create policy "tenancy_restrictive" on "orgs"."audit_entries" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."audit_entries" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "orgs"."audit_heads" enable row level security;
alter table "orgs"."audit_heads" force row level security;
create policy "tenancy_restrictive" on "orgs"."audit_heads" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."audit_heads" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "orgs"."creations" enable row level security;
alter table "orgs"."creations" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."creations" to "orgs_owner" using (true) with check (true);
alter table "orgs"."invitations" enable row level security;
alter table "orgs"."invitations" force row level security;
create policy "tenancy_restrictive" on "orgs"."invitations" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."invitations" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "orgs"."invitation_links" enable row level security;
alter table "orgs"."invitation_links" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."invitation_links" to "orgs_owner" using (true) with check (true);
alter table "orgs"."members" enable row level security;
alter table "orgs"."members" force row level security;
create policy "tenancy_restrictive" on "orgs"."members" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."members" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "orgs"."organizations" enable row level security;
alter table "orgs"."organizations" force row level security;
create policy "tenancy_restrictive" on "orgs"."organizations" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."organizations" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "orgs"."org_commands" enable row level security;
alter table "orgs"."org_commands" force row level security;
create policy "tenancy_restrictive" on "orgs"."org_commands" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "orgs"."org_commands" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "orgs"."outbox" enable row level security;
alter table "orgs"."outbox" force row level security;
create policy "tenancy_restrictive_orgs_owner" on "orgs"."outbox" as restrictive to "orgs_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_orgs_owner" on "orgs"."outbox" to "orgs_owner" using (org_id operator(tenancy_hidden.===) (select current_setting('tenancy.entered')::uuid) and org_id = (select current_setting('tenancy.entered')::uuid)) with check (org_id = (select current_setting('tenancy.entered')::uuid));
create policy "tenancy_permissive_orgs_relay" on "orgs"."outbox" to "orgs_relay" using (true) with check (true);
alter table "orgs"."person_commands" enable row level security;
alter table "orgs"."person_commands" force row level security;
create policy "tenancy_restrictive" on "orgs"."person_commands" as restrictive using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
create policy "tenancy_permissive" on "orgs"."person_commands" using (user_id operator(tenancy_hidden.===) (select tenancy.self_id()) and user_id = (select tenancy.self_id())) with check (user_id = (select tenancy.self_id()));
alter table "orgs"."platform_commands" enable row level security;
alter table "orgs"."platform_commands" force row level security;
create policy "tenancy_restrictive" on "orgs"."platform_commands" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "orgs"."platform_commands" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table "orgs"."seats" enable row level security;
alter table "orgs"."seats" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."seats" to "orgs_owner" using (true) with check (true);
alter table "orgs"."slugs" enable row level security;
alter table "orgs"."slugs" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."slugs" to "orgs_owner" using (true) with check (true);
alter table "orgs"."standings" enable row level security;
alter table "orgs"."standings" force row level security;
create policy "tenancy_permissive_orgs_owner" on "orgs"."standings" to "orgs_owner" using (true) with check (true);
alter table "orgs"."mails" enable row level security;
alter table "orgs"."mails" force row level security;
create policy "tenancy_restrictive" on "orgs"."mails" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "orgs"."mails" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));

alter table orgs.organizations add constraint organizations_told check (length(name) between 1 and 200 and name !~ '[\u0001-\u001f\u007f-\u009f]' and slug ~ '^[a-z0-9-]{1,40}$' and id = org_id
  and time_zone ~ '^[A-Za-z0-9_+/-]{1,60}$' and length(language) between 1 and 35 and currency ~ '^[A-Z]{3}$' and version between 1 and 2000000000);

create function orgs.stands(of_org uuid, there text)
returns text language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if there = 'deleted' then return there; end if;
  return coalesce((select s.status from orgs.standings s where s.org_id = of_org order by s.decision desc limit 1), 'active');
end
$$;
revoke all on function orgs.stands from public;

create function orgs.own_standing()
returns text language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  return orgs.stands(tenancy.org_id(), 'active');
end
$$;
revoke all on function orgs.own_standing from public;
grant execute on function orgs.own_standing to orgs_app;

create function orgs.decide_standing(of_org uuid, becomes text, why text, by_actor text, request text, trace_parent text)
returns boolean language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter_as_platform(of_org);
  decided int;
begin
  by_actor := tenancy.acting(by_actor);
  if becomes is null or becomes = orgs.stands(org, 'active') or not exists (select from orgs.slugs d where d.org_id = org and d.status <> 'deleted') then
    return false;
  end if;
  insert into orgs.standings (org_id, decision, status, reason, decided_by, decided_at, request_id, logged)
    select org, coalesce(max(s.decision), 0) + 1, becomes, why, by_actor, clock_timestamp(), request, false from orgs.standings s where s.org_id = org
    on conflict do nothing returning decision into decided;
  if decided is null then
    return orgs.decide_standing(of_org, becomes, why, by_actor, request, trace_parent);
  end if;
  insert into orgs.outbox (org_id, id, type, entity, entity_id, entity_version, actor, request_id, trace, body, created_at, written_in)
    values (org, uuidv7(), 'orgs.standing.decided.v1', 'standing', org, decided, by_actor, request, trace_parent,
      jsonb_build_object('status', becomes)::text, clock_timestamp(), pg_current_xact_id()::text::bigint);
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), org, null, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' order by o.at limit 100 for update skip locked);
  return true;
end
$$;
revoke all on function orgs.decide_standing from public;
grant execute on function orgs.decide_standing to orgs_app;

create function orgs.standings_to_log()
returns table (org_id uuid, decision int, status text, decided_by text, request_id text) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select s.org_id, s.decision, s.status, s.decided_by, s.request_id from orgs.standings s where not s.logged
    and not exists (select from orgs.standings e where e.org_id = s.org_id and e.decision < s.decision and not e.logged)
    order by random() limit 100;
end
$$;
revoke all on function orgs.standings_to_log from public;
grant execute on function orgs.standings_to_log to orgs_app;

create function orgs.mark_logged(of_org uuid, decided int)
returns table (marked boolean) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query update orgs.standings s set logged = true where s.org_id = of_org and s.decision = decided and not s.logged returning true;
end
$$;
revoke all on function orgs.mark_logged from public;
grant execute on function orgs.mark_logged to orgs_app;

create function orgs.delete_org(until timestamptz)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
begin
  -- The clocks of those who delete it may differ from this one by a day.
  if until is null or until not between now() + interval '29 days' and now() + interval '1 year' then
    raise exception 'what is deleted is kept for 30 days at least and for a year at most' using errcode = '22023';
  end if;
  update orgs.slugs d set status = 'deleted' where d.org_id = org and orgs.stands(org, d.status) = 'active';
  if found then
    update orgs.organizations o set status = 'deleted', deleted_at = now(), purge_after = until, version = least(o.version, 1999999999) + 1
      where o.org_id = org and o.id = org;
    update orgs.creations c set purge_after = until where c.org_id = org;
    delete from orgs.seats d where d.org_id = org;
    update orgs.invitation_links d set closed = true where d.org_id = org;
  end if;
end
$$;
revoke all on function orgs.delete_org from public;
grant execute on function orgs.delete_org to orgs_app;

create function orgs.append_audit(entry_id uuid, actor text, action text, outcome text, subject text, detail jsonb, request_id text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
  head orgs.audit_heads;
  moment timestamptz := clock_timestamp();
  link text;
begin
  actor := tenancy.acting(actor);
  select * into head from orgs.audit_heads h where h.org_id = org and h.id = org for update;
  if not found then
    insert into orgs.audit_heads (org_id, id, seq, hash) values (org, org, 0, repeat('0', 64)) on conflict do nothing;
    select * into strict head from orgs.audit_heads h where h.org_id = org and h.id = org for update;
  end if;
  link := encode(sha256(convert_to(jsonb_build_array(head.hash, org, head.seq + 1, extract(epoch from moment)::text,
    actor, action, outcome, subject, detail, request_id)::text, 'UTF8')), 'hex');
  insert into orgs.audit_entries (org_id, id, seq, at, actor, action, outcome, subject, detail, request_id, hash)
    values (org, entry_id, head.seq + 1, moment, actor, action, outcome, subject, detail, request_id, link);
  update orgs.audit_heads h set seq = head.seq + 1, hash = link where h.org_id = org and h.id = org;
end $$;
revoke all on function orgs.append_audit from public;
grant execute on function orgs.append_audit to orgs_app;

create or replace function orgs.write_event(told text, subject uuid, by_actor text, person uuid, request text, trace_parent text, payload text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  of text := case told when 'orgs.member.changed.v1' then 'member' when 'orgs.member.gone.v1' then 'member' when 'orgs.member.joined.v1' then 'member' when 'orgs.org.changed.v1' then 'org' when 'orgs.org.created.v1' then 'org' when 'orgs.org.deleted.v1' then 'org' when 'orgs.standing.decided.v1' then 'standing' end;
begin
  by_actor := tenancy.acting(by_actor);
  if of is null then
    raise exception 'no such event: %', left(told, 100) using errcode = '22023';
  end if;
  if told = 'orgs.org.created.v1' then
    payload := (select jsonb_build_object('slug', o.slug, 'time_zone', o.time_zone, 'currency', o.currency, 'status', orgs.stands(org, o.status))::text from orgs.organizations o where o.org_id = org and o.id = org and subject = org and o.status <> 'deleted' for update);
    if payload is null then
      raise exception 'the event is not true' using errcode = '22023';
    end if;
  end if;
  if told = 'orgs.org.changed.v1' then
    payload := (select jsonb_build_object('slug', o.slug, 'time_zone', o.time_zone, 'currency', o.currency, 'status', orgs.stands(org, o.status))::text from orgs.organizations o where o.org_id = org and o.id = org and subject = org and o.status <> 'deleted' for update);
    if payload is null then
      raise exception 'the event is not true' using errcode = '22023';
    end if;
  end if;
  if told = 'orgs.standing.decided.v1' then
    payload := (select null::text);
    if payload is null then
      raise exception 'the event is not true' using errcode = '22023';
    end if;
  end if;
  if told = 'orgs.org.deleted.v1' then
    payload := (select jsonb_build_object('purge_after', to_char(o.purge_after at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text from orgs.organizations o where o.org_id = org and o.id = org and subject = org and o.status = 'deleted' for update);
    if payload is null then
      raise exception 'the event is not true' using errcode = '22023';
    end if;
  end if;
  if octet_length(payload) > 200000 or greatest(length(by_actor), length(request), length(trace_parent)) > 200 then
    raise exception 'the event is too large' using errcode = '54000';
  end if;
  if request = '' or trace_parent = '' or request ~ '[\u0001-\u001f\u007f-\u009f]' or trace_parent ~ '[\u0001-\u001f\u007f-\u009f]' or payload ~ '[\u007f-\u009f]' or payload is not json object then
    raise exception 'no message can carry the event' using errcode = '22023';
  end if;
  insert into orgs.outbox (org_id, id, type, entity, entity_id, entity_version, actor, person_id, request_id, trace, body, created_at, written_in)
    select org, uuidv7(), told, of, subject, coalesce(max(o.entity_version), 0) + 1, by_actor, person, request, trace_parent, payload,
      clock_timestamp(), pg_current_xact_id()::text::bigint
    from orgs.outbox o where o.org_id = org and o.entity = of and o.entity_id = subject;
end
$$;
revoke all on function orgs.write_event from public;
grant execute on function orgs.write_event to orgs_app;

create or replace function orgs.events_of_entity(of text, subject uuid, after bigint, most int) returns table (event uuid, told text, event_version float8, request text, trace_parent text, payload text, at timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
begin
  return query select o.id, o.type, o.entity_version::float8, o.request_id, o.trace, o.body, o.created_at::timestamptz
    from orgs.outbox o where o.org_id = org and o.entity = of and o.entity_id = subject and o.entity_version > after
    order by o.entity_version limit most;
end
$$;
revoke all on function orgs.events_of_entity from public;
grant execute on function orgs.events_of_entity to orgs_app;

create or replace function orgs.events_since(after uuid, from_start boolean, most int) returns table (event uuid, told text, subject uuid, event_version float8, person uuid, payload text, at timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  settled bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
begin
  if exists (select from orgs.outbox o where o.org_id = org and o.written_in >= settled) then
    settled := tenancy.settled_before();
  end if;
  return query select e.id, e.type, e.entity_id, e.entity_version::float8, e.person_id, e.body, e.created_at::timestamptz
    from (select o.written_in, o.id from orgs.outbox o where o.org_id = org and o.id = after
      union all select 0, after where from_start) p
    left join lateral (select * from orgs.outbox o where o.org_id = org and (o.written_in, o.id) > (p.written_in, p.id) and o.written_in < settled
      order by o.written_in, o.id limit most) e on true;
end
$$;
revoke all on function orgs.events_since from public;
grant execute on function orgs.events_since to orgs_app;

create or replace function orgs.newest_event() returns table (event uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.enter();
  settled bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
begin
  if exists (select from orgs.outbox o where o.org_id = org and o.written_in >= settled) then
    settled := tenancy.settled_before();
  end if;
  return query select o.id from orgs.outbox o where o.org_id = org and o.written_in < settled order by o.written_in desc, o.id desc limit 1;
end
$$;
revoke all on function orgs.newest_event from public;
grant execute on function orgs.newest_event to orgs_app;

create function orgs.find_org(wanted text)
returns table (org_id uuid, status text, mfa_required boolean) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select d.org_id, orgs.stands(d.org_id, d.status), d.mfa_required from orgs.slugs d where d.slug = wanted;
end
$$;
revoke all on function orgs.find_org from public;
grant execute on function orgs.find_org to orgs_app;

create function orgs.find_seat(wanted text, person uuid)
returns table (role text, version int) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select d.role, d.version from orgs.seats d where d.user_id = person and d.slug = wanted;
end
$$;
revoke all on function orgs.find_seat from public;
grant execute on function orgs.find_seat to orgs_app;

create function orgs.access_changes(mark text)
returns table (next_mark text, org_id uuid, user_id uuid) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  settled text;
begin
  perform tenancy.is_platform();
  settled := tenancy.settled_before()::text;
  return query select settled, d.org_id, d.user_id from (values (1)) as always
    left join lateral (select distinct r.org_id, case when r.changes <= 100 then r.user_id end as user_id
      from (select c.org_id, c.user_id, count(*) over (partition by c.org_id) as changes from orgs.access_changes c where c.changed_in >= mark::bigint) r
      limit 1001) d on true;
end
$$;
revoke all on function orgs.access_changes from public;
grant execute on function orgs.access_changes to orgs_app;

create function orgs.my_seats()
returns table (org_id uuid, slug text, role text) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  person uuid := tenancy.self_id();
begin
  return query select d.org_id, d.slug, d.role from orgs.seats d where d.user_id = person order by d.slug;
end
$$;
revoke all on function orgs.my_seats from public;
grant execute on function orgs.my_seats to orgs_app;

create function orgs.find_invitation(hash text)
returns table (org_id uuid, invitation_id uuid) language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform tenancy.is_platform();
  return query select d.org_id, d.invitation_id from orgs.invitation_links d where d.token_hash = hash and not d.closed
    and not exists (select from orgs.invitation_links e where e.token_hash = hash and e.opened_at < d.opened_at);
end
$$;
revoke all on function orgs.find_invitation from public;
grant execute on function orgs.find_invitation to orgs_app;

create function orgs.follow_organizations()
returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into orgs.slugs (slug, org_id, status, mfa_required) values (new.slug, new.org_id, new.status, new.mfa_required);
  elsif new.slug <> old.slug then
    raise exception 'a slug is kept for good' using errcode = '42501';
  elsif (new.status, new.mfa_required) is not distinct from (old.status, old.mfa_required) then
    return null;
  else
    update orgs.slugs d set mfa_required = new.mfa_required where d.org_id = new.org_id;
  end if;
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), new.org_id, null, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' order by o.at limit 100 for update skip locked);
  return null;
end
$$;
revoke all on function orgs.follow_organizations from public;
create trigger follow_organizations after insert or update on orgs.organizations for each row execute function orgs.follow_organizations();

create function orgs.follow_members()
returns trigger language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    delete from orgs.seats d where d.org_id = old.org_id and d.user_id = old.id;
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), old.org_id, old.id, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' order by o.at limit 100 for update skip locked);
  end if;
  if tg_op <> 'DELETE' then
    insert into orgs.seats (user_id, slug, org_id, role, version)
      select new.id, s.slug, new.org_id, new.role, new.version
      from (select d.slug from orgs.slugs d where d.org_id = new.org_id and d.status <> 'deleted' for share) s;
  insert into orgs.access_changes (id, org_id, user_id, changed_in, at)
    values (uuidv7(), new.org_id, new.id, pg_current_xact_id()::text::bigint, now());
  delete from orgs.access_changes c where c.id in (select o.id from orgs.access_changes o where o.at < now() - interval '1 hour' order by o.at limit 100 for update skip locked);
  end if;
  return null;
end
$$;
revoke all on function orgs.follow_members from public;
create trigger follow_members after insert or update or delete on orgs.members for each row execute function orgs.follow_members();

create function orgs.take_place(most int)
returns table (taken boolean) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  org uuid := tenancy.org_id();
  who uuid := tenancy.actor_id();
  free int;
begin
  loop
    select g.n into free from generate_series(1, least(most, 10000)) g (n)
      where not exists (select from orgs.creations c where c.user_id = who and c.place = g.n and (c.purge_after is null or c.purge_after > now()))
      order by g.n limit 1;
    exit when free is null or exists (select from orgs.slugs d where d.org_id = org) or exists (select from orgs.creations c where c.org_id = org);
    insert into orgs.creations as c (user_id, place, org_id) values (who, free, org)
      on conflict (user_id, place) do update set org_id = excluded.org_id, purge_after = null where c.purge_after <= now();
    if found then return query select true; return; end if;
  end loop;
end
$$;
revoke all on function orgs.take_place from public;
grant execute on function orgs.take_place to orgs_app;

create function orgs.open_link(hash text, invitation uuid)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into orgs.invitation_links (token_hash, org_id, invitation_id, opened_at) values (hash, tenancy.org_id(), invitation, clock_timestamp());
end
$$;
revoke all on function orgs.open_link from public;
grant execute on function orgs.open_link to orgs_app;

create function orgs.close_link(invitation uuid)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  update orgs.invitation_links d set closed = true where d.org_id = tenancy.org_id() and d.invitation_id = invitation;
end
$$;
revoke all on function orgs.close_link from public;
grant execute on function orgs.close_link to orgs_app;

alter table orgs.organizations add constraint organizations_sized check (octet_length(slug) <= 10000 and octet_length(name) <= 10000 and octet_length(description) <= 10000 and octet_length(country) <= 10000 and octet_length(time_zone) <= 10000 and octet_length(language) <= 10000 and octet_length(currency) <= 10000 and octet_length(status) <= 10000) not valid;

alter table orgs.members add constraint members_sized check (octet_length(email) <= 10000 and octet_length(name) <= 10000 and octet_length(role) <= 10000) not valid;

alter table orgs.invitations add constraint invitations_sized check (octet_length(email) <= 10000 and octet_length(role) <= 10000 and octet_length(status) <= 10000 and octet_length(mail) <= 10000) not valid;

alter table orgs.slugs add constraint slugs_sized check (octet_length(slug) <= 10000 and octet_length(status) <= 10000) not valid;

alter table orgs.standings add constraint standings_sized check (octet_length(status) <= 10000 and octet_length(reason) <= 10000 and octet_length(decided_by) <= 10000 and octet_length(request_id) <= 10000) not valid;

alter table orgs.seats add constraint seats_sized check (octet_length(slug) <= 10000 and octet_length(role) <= 10000) not valid;

alter table orgs.invitation_links add constraint invitation_links_sized check (octet_length(token_hash) <= 200) not valid;

alter table orgs.audit_entries add constraint audit_entries_sized check (octet_length(actor) <= 10000 and octet_length(action) <= 10000 and octet_length(outcome) <= 10000 and octet_length(subject) <= 10000 and octet_length(detail::text) <= 16384 and octet_length(request_id) <= 10000 and octet_length(hash) <= 10000) not valid;

alter table orgs.audit_heads add constraint audit_heads_sized check (octet_length(hash) <= 10000) not valid;

alter table orgs.org_commands add constraint org_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table orgs.person_commands add constraint person_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table orgs.platform_commands add constraint platform_commands_sized check (octet_length(actor) <= 10000 and octet_length(message_type) <= 10000 and octet_length(idempotency_key) <= 10000 and octet_length(request_hash) <= 10000 and octet_length(reply) <= 1048576) not valid;

alter table orgs.mails add constraint mails_sized check (octet_length(sealed) <= 10000) not valid;

alter table orgs.outbox add constraint outbox_sized check (octet_length(type) <= 10000 and octet_length(entity) <= 10000 and octet_length(actor) <= 10000 and octet_length(request_id) <= 10000 and octet_length(trace) <= 10000 and octet_length(body) <= 262144 and octet_length(refused) <= 10000) not valid;

create function orgs.delete_members(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from orgs.members d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function orgs.delete_members from public;
grant execute on function orgs.delete_members to orgs_app;

create function orgs.delete_org_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_org_id uuid := tenancy.org_id();
begin
  return query delete from orgs.org_commands d where d.org_id = own_org_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function orgs.delete_org_commands from public;
grant execute on function orgs.delete_org_commands to orgs_app;

create function orgs.delete_person_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_user_id uuid := tenancy.self_id();
begin
  return query delete from orgs.person_commands d where d.user_id = own_user_id and d.id = any(ids) returning d.id;
end $$;
revoke all on function orgs.delete_person_commands from public;
grant execute on function orgs.delete_person_commands to orgs_app;

create function orgs.delete_platform_commands(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_realm uuid := tenancy.realm();
begin
  return query delete from orgs.platform_commands d where d.realm = own_realm and d.id = any(ids) returning d.id;
end $$;
revoke all on function orgs.delete_platform_commands from public;
grant execute on function orgs.delete_platform_commands to orgs_app;

create function orgs.delete_mails(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_realm uuid := tenancy.realm();
begin
  return query delete from orgs.mails d where d.realm = own_realm and d.id = any(ids) returning d.id;
end $$;
revoke all on function orgs.delete_mails from public;
grant execute on function orgs.delete_mails to orgs_app;

grant select, insert (org_id, id, slug, name, description, country, time_zone, language, currency, mfa_required, created_at, version), update (slug, name, description, country, time_zone, language, currency, mfa_required, created_at, version) on orgs.organizations to orgs_app;

grant select, insert, update (email, name, role, joined_at, version) on orgs.members to orgs_app;

grant select, insert, update (role, status, mail, invited_by, accepted_by, expires_at) on orgs.invitations to orgs_app;

grant select on orgs.audit_entries to orgs_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on orgs.org_commands to orgs_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on orgs.person_commands to orgs_app;

grant select, insert, update (actor, message_type, idempotency_key, request_hash, reply, created_at) on orgs.platform_commands to orgs_app;

grant select, insert, update (turn, sealed, attempts, due_at, until) on orgs.mails to orgs_app;

grant select, update (published_at, refused) on orgs.outbox to orgs_relay;
