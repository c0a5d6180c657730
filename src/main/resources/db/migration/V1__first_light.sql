-- Chartbridge, first schema. Works on PostgreSQL 15 to 18.
--
-- Ids are drawn by the engine in blocks, so that a group of messages is written without asking back.
-- Rows of the large tables (raw_message, report, observation, note) carry no foreign keys: the engine
-- writes them together under the locks of their patient, and the keys would cost a third of its speed.

create sequence entry_id increment by 1000;
create sequence fact_id increment by 10000;

-- ---------------------------------------------------------------- journal

create table journal (
    id                  bigint      primary key,   -- entry id, drawn at reception: the order of arrival
    received_at         timestamptz not null,
    partner             text        not null,      -- folder name in routes/; '' when nobody claimed the sender
    route               text        not null,      -- '' when no route took it
    folder_version      text        not null,      -- content hash of the partner folder it ran with
    state               text        not null check (state in ('received', 'charted', 'held', 'ignored', 'refused')),
    peer                text        not null,      -- remote address and port
    sender              text        not null,      -- MSH-3|MSH-4 as sent
    control_id          text        not null,      -- MSH-10
    message_type        text        not null,      -- MSH-9.1^MSH-9.2, '' when unreadable
    version             text        not null,      -- MSH-12
    processing_id       text        not null,      -- MSH-11
    size_bytes          integer     not null,
    answer_code         text        not null,      -- AA AE AR CA CE CR, '' when no answer was asked for or given
    answer              bytea,                     -- as it left, without the MLLP envelope
    reasons             jsonb       not null default '[]',  -- [{location, code, severity, reason, text}]
    record_id           bigint,                    -- the patient record it was charted on
    repeats             integer     not null default 0,     -- how often the same bytes came again
    settled_at          timestamptz                -- when charted, held, ignored or refused
);
-- Claiming of received entries, in order of arrival, and the sweep after a crash.
create index journal_received on journal (partner, id) where state = 'received';
-- The worklist of held and refused entries.
create index journal_attention on journal (id desc) where state in ('held', 'refused');
-- The messages page, filtered by partner or type.
create index journal_partner on journal (partner, id desc);
create index journal_type on journal (message_type, id desc);
-- Search by control id.
create index journal_control_id on journal (control_id);
-- All entries of one patient.
create index journal_record on journal (record_id, id desc) where record_id is not null;

create table raw_message (
    entry_id            bigint      primary key,
    content             bytea       not null       -- as it came, without the MLLP envelope
);

-- Bytes that were no message: between frames, cut off, too large, not HL7's protocol at all.
create table stray_bytes (
    id                  bigint      primary key,
    received_at         timestamptz not null,
    listener            text        not null,
    peer                text        not null,
    cause               text        not null,
    total_bytes         bigint      not null,
    excerpt             bytea       not null       -- the first bytes, at most StrayBytes.MAX_EXCERPT_BYTES
);

-- Which answers were given to whom, so that a repeat gets the same one and has no second effect.
-- Only positive answers (AA, CA) leave a receipt: after a negative one the same bytes are tried again.
create table receipt (
    partner             text        not null,
    control_id          text        not null,
    content_hash        uuid        not null,      -- first 128 bits of the SHA-256 of the raw bytes
    entry_id            bigint      not null,
    primary key (partner, control_id, content_hash)
);

-- ---------------------------------------------------------------- people

create table person (
    id                  uuid        primary key,
    entry_id            bigint      not null,
    recorded_at         timestamptz not null
);

-- What one authority calls a patient. Identity = authority + type + identifier (HL7 PID-3.4, PID-3.5, PID-3.1).
create table patient_record (
    id                  bigint      primary key,
    person_id           uuid        not null references person,
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- PID-3[n] that named it
    authority           text        not null,
    id_type             text        not null,
    id_value            text        not null,
    family_name         text        not null,
    given_name          text        not null,
    middle_name         text        not null,
    name_suffix         text        not null,
    birth_date          text        not null,      -- yyyy, yyyy-MM or yyyy-MM-dd: the precision it came in
    sex                 text        not null,      -- PID-8 as sent, table 0001
    address             text        not null,      -- PID-11 for display
    phone               text        not null,      -- PID-13 for display
    identifiers         jsonb       not null,      -- every PID-3 repetition: [{value, authority, type}]
    unique (authority, id_type, id_value)
);
-- Search by identifier alone, and by name.
create index patient_record_value on patient_record (id_value);
create index patient_record_name on patient_record (lower(family_name), lower(given_name));
create index patient_record_person on patient_record (person_id);

-- Providers as they were named: number in the namespace of an authority, and a name.
create table provider (
    id                  bigint      primary key,
    authority           text        not null,
    number              text        not null,
    family_name         text        not null,
    given_name          text        not null,
    unique (authority, number, family_name, given_name)
);

-- ---------------------------------------------------------------- orders and results

create table clinical_order (
    id                  bigint      primary key,
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,
    record_id           bigint      not null,
    partner             text        not null,
    placer_number       text        not null,      -- OBR-2, else ORC-2
    filler_number       text        not null,      -- OBR-3, else ORC-3
    code                text        not null,      -- OBR-4.1
    code_text           text        not null,
    code_system         text        not null,
    ordering_provider   bigint
);
create index clinical_order_record on clinical_order (record_id);

-- Each row is what one message said about one report (OBR): a version. Rows of one report share a series.
-- standing: current | replaced | late | repeat | withdrawn   (exactly one current row a series, or none when withdrawn)
create table report (
    id                  bigint      primary key,
    series              bigint      not null,      -- id of the first version: the report's identity
    version             integer     not null,
    standing            text        not null,
    replaced_by_entry   bigint,
    replaced_at         timestamptz,
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- OBR[n]
    record_id           bigint      not null,
    order_id            bigint      not null,
    partner             text        not null,
    number              text        not null,      -- OBR-3, else OBR-2, else @ and the collection time as sent
    placer_number       text        not null,
    code                text        not null,      -- OBR-4
    code_text           text        not null,
    code_system         text        not null,
    alternate           jsonb,                     -- OBR-4.4-6 {code, text, system}
    status              text        not null,      -- OBR-25, table 0123; '' when not sent
    collected_at        timestamptz,               -- OBR-7
    collected_as_sent   text        not null,      -- OBR-7 with its own precision
    issued_at           timestamptz,               -- OBR-22
    message_at          timestamptz,               -- MSH-7
    control_id          text        not null,      -- MSH-10
    content_hash        bigint      not null,
    ordering_provider   bigint,                    -- OBR-16
    interpreter         bigint                     -- OBR-32
);
-- Finding what a new result belongs to; also refuses that one version be charted twice.
create unique index report_identity on report
    (partner, number, (case when code = '' then code_text else code end), code_system, record_id, version);
create index report_record on report (record_id, collected_at desc);
create index report_entry on report (entry_id);

-- Each row is what one message said about one value: all OBX with equal OBX-3 and OBX-4 under one OBR. A version.
-- standing: current | replaced | late | repeat | withdrawn | withdrawal | not-shown | not-applied
create table observation (
    id                  bigint      primary key,
    series              bigint      not null,      -- id of the first version: the observation's identity
    version             integer     not null,
    standing            text        not null,
    corrected           boolean     not null,      -- it changed a value that had been final
    replaced_by_entry   bigint,
    replaced_at         timestamptz,
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- OBX[n], or OBX[n-m] for several segments
    record_id           bigint      not null,
    report_series       bigint      not null,
    code                text        not null,      -- OBX-3.1 as sent
    code_text           text        not null,
    code_system         text        not null,
    alternate           jsonb,                     -- OBX-3.4-6 {code, text, system}
    sub_id              text        not null,      -- OBX-4
    status              text        not null,      -- OBX-11, table 0085
    value_type          text        not null,      -- OBX-2 as sent
    value_text          text        not null,      -- for display; lines of text joined by \n
    value_inherited     boolean     not null default false, -- B, U, V without OBX-5: copied from the version before
    value_number        numeric,                   -- when the value is one number
    comparator          text        not null,      -- < <= > >= or ''
    value_codings       jsonb,                     -- CE, CWE: [{code, text, system}]
    unit                text        not null,      -- OBX-6.1 as sent, else OBX-6.2
    unit_system         text        not null,      -- OBX-6.3
    reference_range     text        not null,      -- OBX-7, for display
    flags               text        not null,      -- OBX-8 as sent, repetitions joined by ~
    method              text        not null,      -- OBX-17
    performer           text        not null,      -- OBX-23 or OBX-15, display
    observed_at         timestamptz,               -- OBX-14, else OBR-7
    observed_as_sent    text        not null,
    analyzed_at         timestamptz,               -- OBX-19
    issued_at           timestamptz,               -- OBR-22
    message_at          timestamptz,               -- MSH-7
    control_id          text        not null,
    content_hash        bigint      not null
);
-- All values of a report; also refuses that one version be charted twice.
create unique index observation_report on observation (report_series, series, version);

create table note (
    id                  bigint      primary key,
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- NTE[n]
    report_series       bigint      not null,
    target              bigint      not null,      -- the report or observation version it belongs to
    source              text        not null,      -- NTE-2, table 0105
    text                text        not null
);
create index note_report on note (report_series);

-- Content once, by hash.
create table document_content (
    hash                bytea       primary key,   -- SHA-256 of the decoded content
    media_type          text        not null,      -- by its first bytes, else application/octet-stream
    size_bytes          integer     not null,
    content             bytea       not null
);

create table document (
    id                  bigint      primary key,
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- OBX[n]-5
    record_id           bigint      not null,
    report_series       bigint      not null,
    observation_id      bigint      not null,      -- the observation version that carried it
    title               text        not null,
    declared_type       text        not null,      -- OBX-5.2 and OBX-5.3 as sent
    content_hash        bytea       not null references document_content
);
create index document_report on document (report_series);
create index document_content_hash on document (content_hash);
