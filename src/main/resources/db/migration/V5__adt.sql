-- Registration (ADT): who a patient is, visits, allergies, conditions, coverage.
--
-- statement keeps what every message said, unchanged. The other tables hold how things stand after all of
-- it, each value with the entry and the field it comes from; they follow from the statements alone,
-- whatever the order in which these arrived.

-- How the demographic columns stand, field by field: {family: {text, path, partner, recorded, message, entry}}.
-- Empty as long as nobody who may say so (demographics: master) has spoken.
alter table patient_record add column demographics jsonb not null default '{}';

create table statement (
    id                  bigint      primary key,
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- PID, PV1, AL1[1-3]
    record_id           bigint      not null,
    visit_id            bigint      not null,      -- encounter; 0 when it is about no visit
    partner             text        not null,
    kind                text        not null check (kind in ('demographics', 'encounter', 'allergy', 'condition', 'coverage')),
    trigger             text        not null,      -- MSH-9.2; '' for what the record was brought with
    weight              smallint    not null,      -- 1 master, 0 evidence
    happened_at         timestamptz,               -- EVN-6
    entered_at          timestamptz,               -- EVN-2
    message_at          timestamptz,               -- MSH-7
    said                jsonb       not null       -- fields or items, each with its path
);
-- The history of a patient's data.
create index statement_record on statement (record_id, kind);
-- Arranging a visit anew.
create index statement_visit on statement (visit_id) where kind = 'encounter';
-- What one message said.
create index statement_entry on statement (entry_id);

create table encounter (
    id                  bigint      primary key,
    record_id           bigint      not null,
    number_kind         text        not null check (number_kind in ('visit', 'account', 'admitted')),
    authority           text        not null,
    number              text        not null,      -- PV1-19, else PID-18, else patient and time of admission
    partner             text        not null,      -- whose word came last
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,
    status              text        not null check (status in ('planned', 'in-progress', 'finished', 'cancelled')),
    class               text        not null,      -- PV1-2, table 0004
    location            text        not null,      -- PV1-3, for display
    admission_type      text        not null,      -- PV1-4
    attending           text        not null,      -- PV1-7, for display
    service             text        not null,      -- PV1-10
    disposition         text        not null,      -- PV1-36
    reason              text        not null,      -- PV2-3
    account             text        not null,      -- PID-18
    admitted_at         timestamptz,               -- PV1-44
    admitted_as_sent    text        not null,
    discharged_at       timestamptz,               -- PV1-45
    discharged_as_sent  text        not null,
    fields              jsonb       not null,      -- every field with its source, as demographics above
    unique (number_kind, authority, number)
);
create index encounter_record on encounter (record_id, admitted_at desc);

-- A sender's list of one patient, or of one visit: when it last sent the whole of it.
create table patient_list (
    record_id           bigint      not null,
    kind                text        not null check (kind in ('allergy', 'condition', 'coverage')),
    partner             text        not null,
    visit_id            bigint      not null,      -- 0 when it is a list of the patient's life
    whole_recorded      timestamptz,               -- EVN-2 of the last whole list
    whole_message       timestamptz,               -- its MSH-7
    whole_entry         bigint      not null,      -- its entry; 0 when there was none
    none_known          boolean     not null,      -- the sender says that there are none
    none_recorded       timestamptz,
    none_message        timestamptz,
    none_entry          bigint      not null,
    none_path           text        not null,
    primary key (record_id, kind, partner, visit_id)
);

-- status: active (on the sender's list) | ended (it was). What is ended stays.
create table allergy (
    id                  bigint      primary key,
    record_id           bigint      not null,
    partner             text        not null,      -- whose list it is on
    visit_id            bigint      not null,
    item_key            text        not null,      -- substance, by code or words
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- AL1[n], IAM[n]
    status              text        not null check (status in ('active', 'ended')),
    listed_recorded     timestamptz,               -- when it was last named: EVN-2, MSH-7, entry
    listed_message      timestamptz,
    listed_entry        bigint      not null,
    removed_recorded    timestamptz,               -- when it was last named as gone
    removed_message     timestamptz,
    removed_entry       bigint      not null,
    code                text        not null,
    code_text           text        not null,
    code_system         text        not null,
    category            text        not null,      -- AL1-2, table 0127
    severity            text        not null,      -- AL1-4, table 0128
    reaction            text        not null,
    onset_at            timestamptz,
    onset_as_sent       text        not null,
    clinical_status     text        not null,      -- IAM-17, table 0438
    unique (record_id, partner, visit_id, item_key)
);

create table condition (
    id                  bigint      primary key,
    record_id           bigint      not null,
    partner             text        not null,
    visit_id            bigint      not null,      -- of a diagnosis (DG1) its visit
    item_key            text        not null,
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- DG1[n], PRB[n]
    status              text        not null check (status in ('active', 'ended')),
    listed_recorded     timestamptz,
    listed_message      timestamptz,
    listed_entry        bigint      not null,
    removed_recorded    timestamptz,
    removed_message     timestamptz,
    removed_entry       bigint      not null,
    code                text        not null,
    code_text           text        not null,
    code_system         text        not null,
    type                text        not null,      -- DG1-6, table 0052
    onset_at            timestamptz,
    onset_as_sent       text        not null,
    abated_at           timestamptz,
    abated_as_sent      text        not null,
    clinical_status     text        not null,
    clinician           text        not null,      -- DG1-16
    priority            text        not null,      -- DG1-15
    unique (record_id, partner, visit_id, item_key)
);

create table coverage (
    id                  bigint      primary key,
    record_id           bigint      not null,
    partner             text        not null,
    visit_id            bigint      not null,
    item_key            text        not null,
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- IN1[n]
    status              text        not null check (status in ('active', 'ended')),
    listed_recorded     timestamptz,
    listed_message      timestamptz,
    listed_entry        bigint      not null,
    removed_recorded    timestamptz,
    removed_message     timestamptz,
    removed_entry       bigint      not null,
    plan                text        not null,      -- IN1-2
    plan_text           text        not null,
    insurer             text        not null,      -- IN1-4
    insurer_id          text        not null,      -- IN1-3
    group_number        text        not null,      -- IN1-8
    group_name          text        not null,      -- IN1-9
    policy_number       text        not null,      -- IN1-36
    insured             text        not null,      -- IN1-16
    relationship        text        not null,      -- IN1-17, table 0063
    type                text        not null,      -- IN1-15
    priority            text        not null,      -- IN1-22, else IN1-1
    begins_at           timestamptz,               -- IN1-12
    begins_as_sent      text        not null,
    ends_at             timestamptz,               -- IN1-13
    ends_as_sent        text        not null,
    unique (record_id, partner, visit_id, item_key)
);
