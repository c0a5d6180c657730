-- A visit, or all visits of an account, went to another patient (A45, A44): record_id had it, other_id has it.
alter table assertion drop constraint assertion_kind_check;
alter table assertion add constraint assertion_kind_check
    check (kind in ('merged', 'linked', 'unlinked', 'moved'));
alter table assertion add column number_kind text not null default '';  -- of a move 'visit' or 'account'; else ''
alter table assertion add column authority   text not null default '';
alter table assertion add column number      text not null default '';
-- Where a visit is, asked for every group of messages that name visits.
create index assertion_visit on assertion (number_kind, authority, number) where kind = 'moved';

-- Of a held move: who had the visit, beside the patient that held_claim names.
alter table held_claim add column had_authority text not null default '';
alter table held_claim add column had_type      text not null default '';
alter table held_claim add column had_value     text not null default '';
-- Held moves that may go on because more is one patient, or more was moved.
create index held_claim_had on held_claim (had_value, had_authority, had_type) where waits and had_value <> '';
