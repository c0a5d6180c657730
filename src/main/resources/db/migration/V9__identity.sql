-- Identity: what people decide about held messages, and which records are one person.

-- A decision is an entry like any other: its bytes (JSON) stand in raw_message.
alter table journal add column kind text not null default 'message' check (kind in ('message', 'decision'));
-- The decision that let a held message go on, or that its charting followed; null for most.
alter table journal add column released_by bigint;
-- What an undone decision had let go on.
create index journal_released_by on journal (released_by) where released_by is not null;

-- Whom a message that was held names as its patient. Kept when it goes on, so that a decision can be undone.
create table held_claim (
    entry_id            bigint      primary key,
    partner             text        not null,
    authority           text        not null,      -- the identifier that names the record
    id_type             text        not null,
    id_value            text        not null,
    claim               uuid        not null,      -- hash of partner, identifier, name and birth date
    waits               boolean     not null,      -- its message is held, or goes on and is not charted yet
    about_patient       boolean     not null,      -- held for who the patient is: later ones of this claim wait behind it
    critical            boolean     not null       -- one of its values is flagged critical
);
-- A later message of the same claim waits behind the earlier; one decision lets all of them go on.
create index held_claim_claim on held_claim (claim, entry_id) where waits;
-- Messages that may go on because their patient is known now.
create index held_claim_identifier on held_claim (id_value, authority, id_type) where waits;
-- The page of the unmatched: critical ones first.
create index held_claim_unmatched on held_claim (critical desc, entry_id) where waits and about_patient;

-- What people decided about identity. Append-only but for withdrawn_by.
create table decision (
    entry_id            bigint      primary key,   -- its entry in the journal
    decided_at          timestamptz not null,
    account             text        not null,
    reason              text        not null,
    kind                text        not null check (kind in ('link', 'create', 'not-ours', 'again', 'merge', 'undo')),
    about_entry         bigint,                    -- the held message that was decided on
    claim               uuid,                      -- messages that make this claim are charted on record_id; null when the record itself says it
    record_id           bigint,                    -- the record that was chosen or made
    record_lock         bigint,                    -- the advisory lock of that record
    brought             boolean     not null default false, -- it brought record_id
    withdraws           bigint,                    -- the entry that an undo takes back: a decision, or a message that merged
    withdrawn_by        bigint                     -- the decision that took this one back
);
-- Whom a claim means, asked for every group of messages.
create index decision_claim on decision (claim) where claim is not null and withdrawn_by is null;
-- What was decided about a message.
create index decision_about on decision (about_entry) where about_entry is not null;
-- What was decided about a record.
create index decision_record on decision (record_id) where record_id is not null;

-- Records of one number that was given to two people: 0, or the decision that told them apart.
alter table patient_record add column edition bigint not null default 0;
alter table patient_record drop constraint patient_record_authority_id_type_id_value_key;
create unique index patient_record_key on patient_record (authority, id_type, id_value, edition);
-- The person that a record is by itself; null as long as that is person_id, which follows from the assertions.
alter table patient_record add column own_person uuid;
-- FHIR: where a person that was merged away has gone.
create unique index patient_record_own_person on patient_record (own_person) where own_person is not null;

-- Which records are the same person, or are not. A person is a connected set of records.
create table assertion (
    id                  bigint      primary key,
    entry_id            bigint      not null,      -- the message or decision that says it
    recorded_at         timestamptz not null,
    path                text        not null,      -- MRG-1[2]; '' of a decision
    kind                text        not null check (kind in ('merged', 'linked', 'unlinked')),
    record_id           bigint      not null,      -- of a merge the record that went
    other_id            bigint      not null,      -- of a merge the record that stays
    entered_at          timestamptz,               -- EVN-2
    message_at          timestamptz,               -- MSH-7
    withdrawn_by        bigint                     -- the decision that took it back; null while it holds
);
-- The assertions about a record, from either side.
create index assertion_record on assertion (record_id);
create index assertion_other on assertion (other_id);
create index assertion_entry on assertion (entry_id);
-- Candidates for a message that names somebody by another number or name.
create index patient_record_birth_date on patient_record (birth_date);
