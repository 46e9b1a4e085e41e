-- Mails wait in rows, sealed, and go out in turns: none is lost with a process, and none waits for a thousand of somebody else's.

create table "identity"."mails" ("realm" uuid not null default '00000000-0000-4000-8000-706c6174666f', "id" uuid not null, "turn" uuid not null, "sealed" text not null, "attempts" int not null default 0, "due_at" timestamptz(3) not null, "until" timestamptz(3) not null, primary key ("realm", "id"));
create index "mails_realm_turn_due_at_index" on "identity"."mails" ("realm", "turn", "due_at");
alter table "identity"."mails" enable row level security;
alter table "identity"."mails" force row level security;
create policy "tenancy_restrictive" on "identity"."mails" as restrictive using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
create policy "tenancy_permissive" on "identity"."mails" using (realm operator(tenancy_hidden.===) (select tenancy.realm()) and realm = (select tenancy.realm())) with check (realm = (select tenancy.realm()));
alter table identity.mails add constraint mails_sized check (octet_length(sealed) <= 10000) not valid;

create function identity.delete_mails(ids uuid[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  own_realm uuid := tenancy.realm();
begin
  return query delete from identity.mails d where d.realm = own_realm and d.id = any(ids) returning d.id;
end $$;
revoke all on function identity.delete_mails from public;
grant execute on function identity.delete_mails to identity_app;

grant select, insert, update (turn, sealed, attempts, due_at, until) on identity.mails to identity_app;
