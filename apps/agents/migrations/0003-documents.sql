create table "agents"."documents" (
  "org_id" uuid not null,
  "id" uuid not null,
  "title" text not null,
  "language" text not null,
  "upload" int not null,
  "ready_upload" int null,
  "passages" int not null,
  "created_by" uuid not null,
  "created_at" timestamptz(3) not null,
  "version" int not null,
  primary key ("org_id", "id")
);

create table "agents"."document_passages" (
  "org_id" uuid not null,
  "id" uuid not null,
  "document_id" uuid not null,
  "page" int not null,
  "nth" int not null,
  "body" text not null,
  primary key ("org_id", "id")
);
alter table "agents"."document_passages" add constraint "document_passages_org_id_document_id_page_nth_unique" unique ("org_id", "document_id", "page", "nth");

create table "agents"."document_pieces" (
  "org_id" uuid not null,
  "id" uuid not null,
  "document_id" uuid not null,
  "seq" int not null,
  "sha256" text not null,
  "data" bytea not null,
  primary key ("org_id", "id")
);
alter table "agents"."document_pieces" add constraint "document_pieces_org_id_document_id_seq_unique" unique ("org_id", "document_id", "seq");

create table "agents"."document_uploads" (
  "org_id" uuid not null,
  "id" uuid not null,
  "document_id" uuid not null,
  "upload" int not null,
  "file_name" text not null,
  "media_type" text not null,
  "bytes" int not null,
  "sha256" text null,
  "state" text not null,
  "failure" text null,
  "failure_detail" text null,
  "pages" int null,
  "uploaded_by" uuid not null,
  "created_at" timestamptz(3) not null,
  primary key ("org_id", "id")
);
alter table "agents"."document_uploads" add constraint "document_uploads_org_id_document_id_upload_unique" unique ("org_id", "document_id", "upload");

create table "agents"."document_words" (
  "org_id" uuid not null,
  "id" uuid not null,
  "document_id" uuid not null,
  "language" text not null,
  "words" tsvector not null,
  primary key ("org_id", "id")
);
create index "document_words_org_id_document_id_index" on "agents"."document_words" ("org_id", "document_id");

alter table agents.document_uploads add constraint document_uploads_document foreign key (org_id, document_id) references agents.documents (org_id, id) on delete cascade;

alter table agents.document_pieces add constraint document_pieces_document foreign key (org_id, document_id) references agents.documents (org_id, id) on delete cascade;

alter table agents.document_passages add constraint document_passages_document foreign key (org_id, document_id) references agents.documents (org_id, id) on delete cascade;

alter table agents.document_words add constraint document_words_document foreign key (org_id, document_id) references agents.documents (org_id, id) on delete cascade;

alter table "agents"."documents" enable row level security;
alter table "agents"."documents" force row level security;
create policy "tenancy_restrictive" on "agents"."documents" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."documents" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."document_passages" enable row level security;
alter table "agents"."document_passages" force row level security;
create policy "tenancy_restrictive" on "agents"."document_passages" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."document_passages" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."document_pieces" enable row level security;
alter table "agents"."document_pieces" force row level security;
create policy "tenancy_restrictive" on "agents"."document_pieces" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."document_pieces" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."document_uploads" enable row level security;
alter table "agents"."document_uploads" force row level security;
create policy "tenancy_restrictive" on "agents"."document_uploads" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."document_uploads" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table "agents"."document_words" enable row level security;
alter table "agents"."document_words" force row level security;
create policy "tenancy_restrictive" on "agents"."document_words" as restrictive using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
create policy "tenancy_permissive" on "agents"."document_words" using (org_id operator(tenancy_hidden.===) (select tenancy.org_id()) and org_id = (select tenancy.org_id())) with check (org_id = (select tenancy.org_id()));
alter table agents.documents add constraint documents_bounded check (length(title) between 1 and 200 and language in ('en', 'pt', 'es') and upload between 1 and 2000000000 and ready_upload between 1 and 2000000000 and passages between 0 and 2000000000 and version between 1 and 2000000000);

alter table agents.document_uploads add constraint document_uploads_bounded check (upload between 1 and 2000000000 and length(file_name) between 1 and 200 and media_type in ('text/plain', 'text/markdown', 'text/csv', 'application/pdf', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document') and bytes between 0 and 2000000000 and length(sha256) = 64 and state in ('uploading', 'reading', 'ready', 'failed') and length(failure) <= 60 and length(failure_detail) <= 500 and pages between 0 and 2000000000);

alter table agents.document_pieces add constraint document_pieces_bounded check (seq between 0 and 10000 and length(sha256) = 64);

alter table agents.document_passages add constraint document_passages_bounded check (page between 1 and 1000000 and nth between 1 and 1000000 and length(body) between 1 and 1500);

alter table agents.document_words add constraint document_words_bounded check (language in ('en', 'pt', 'es') and octet_length(words::text) <= 32768);

alter table agents.document_words alter column words set storage plain;

alter table agents.documents add constraint documents_sized check (octet_length(title) <= 10000 and octet_length(language) <= 10000) not valid;

alter table agents.document_uploads add constraint document_uploads_sized check (octet_length(file_name) <= 10000 and octet_length(media_type) <= 10000 and octet_length(sha256) <= 10000 and octet_length(state) <= 10000 and octet_length(failure) <= 10000 and octet_length(failure_detail) <= 10000) not valid;

alter table agents.document_pieces add constraint document_pieces_sized check (octet_length(sha256) <= 10000 and octet_length(data) <= 524288) not valid;

alter table agents.document_passages add constraint document_passages_sized check (octet_length(body) <= 3000) not valid;

alter table agents.document_words add constraint document_words_sized check (octet_length(language) <= 10000) not valid;

grant select, insert, update (title, language, upload, ready_upload, passages, version) on agents.documents to agents_app;

grant select, insert, update (bytes, sha256, state, failure, failure_detail, pages) on agents.document_uploads to agents_app;

grant select, insert, update (document_id, seq, sha256, data) on agents.document_pieces to agents_app;

grant select, insert, update (document_id, page, nth, body) on agents.document_passages to agents_app;

grant select, insert, update (document_id, language, words) on agents.document_words to agents_app;
