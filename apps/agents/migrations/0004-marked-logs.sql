alter table agents.run_entries add column "mark" text null;
alter table agents.run_entries drop constraint run_entries_bounded;
alter table agents.run_entries add constraint run_entries_bounded check (kind in ('asked', 'reserved', 'refused', 'answered', 'settled', 'called', 'returned') and seq between 1 and 1360);
alter table agents.run_entries drop constraint run_entries_sized;
alter table agents.run_entries add constraint run_entries_sized check (octet_length(kind) <= 10000 and octet_length(payload::text) <= 524288 and octet_length(mark) <= 10000) not valid;
