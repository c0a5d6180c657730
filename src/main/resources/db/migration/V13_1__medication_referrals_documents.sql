-- Orders of medication, referrals and documents, as their senders state them: items like those of V5 and V8.

alter table statement drop constraint statement_kind_check;
alter table statement add constraint statement_kind_check check (kind in
    ('demographics', 'encounter', 'allergy', 'condition', 'coverage', 'immunization',
     'appointment', 'placed_order', 'medication_order', 'referral',
     'clinical_document', 'document_body'));
alter table patient_list drop constraint patient_list_kind_check;
alter table patient_list add constraint patient_list_kind_check check (kind in
    ('allergy', 'condition', 'coverage', 'immunization',
     'appointment', 'placed_order', 'medication_order', 'referral',
     'clinical_document', 'document_body'));

-- status: active | ended (ORC-1 DE: entered in error)
create table medication_order (
    id                  bigint      primary key,
    record_id           bigint      not null,
    partner             text        not null,
    visit_id            bigint      not null,
    item_key            text        not null,      -- ORC-2, else ORC-3; with the drug where a message has the number twice
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- RXE[n] or RXO[n]
    status              text        not null check (status in ('active', 'ended')),
    listed_recorded     timestamptz,
    listed_message      timestamptz,
    listed_entry        bigint      not null,
    removed_recorded    timestamptz,
    removed_message     timestamptz,
    removed_entry       bigint      not null,
    code                text        not null,      -- RXE-2, else RXO-1
    code_text           text        not null,
    code_system         text        not null,
    placer_number       text        not null,      -- ORC-2
    filler_number       text        not null,      -- ORC-3
    group_number        text        not null,      -- ORC-4
    state               text        not null,      -- active | on-hold | cancelled | completed
    control             text        not null,      -- ORC-1, table 0119
    state_as_sent       text        not null,      -- ORC-5, table 0038
    dose                text        not null,      -- RXE-3 to 5, RXO-2 to 4
    form                text        not null,      -- RXE-6, RXO-5
    route               text        not null,      -- RXR-1
    site                text        not null,      -- RXR-2
    frequency           text        not null,      -- TQ1-3, RXE-1.2 or ORC-7.2
    instructions        text        not null,      -- RXE-7, RXO-7
    quantity            text        not null,      -- RXE-10 and 11, RXO-11 and 12
    refills             text        not null,      -- RXE-12, RXO-13
    priority            text        not null,      -- TQ1-9
    starts_at           timestamptz,               -- TQ1-7, RXE-1.4 or ORC-7.4
    starts_as_sent      text        not null,
    ends_at             timestamptz,               -- TQ1-8, RXE-1.5 or ORC-7.5
    ends_as_sent        text        not null,
    ordered_at          timestamptz,               -- ORC-9
    ordered_as_sent     text        not null,
    clinician           text        not null,      -- ORC-12, else RXE-13 or RXO-14
    reason              text        not null,      -- RXE-27, RXO-20
    details             text        not null,      -- OBX behind it, a line each
    unique (record_id, partner, visit_id, item_key)
);

-- status: active | ended
create table referral (
    id                  bigint      primary key,
    record_id           bigint      not null,
    partner             text        not null,
    visit_id            bigint      not null,
    item_key            text        not null,      -- RF1-6, else RF1-11
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- RF1[1]
    status              text        not null check (status in ('active', 'ended')),
    listed_recorded     timestamptz,
    listed_message      timestamptz,
    listed_entry        bigint      not null,
    removed_recorded    timestamptz,
    removed_message     timestamptz,
    removed_entry       bigint      not null,
    number              text        not null,      -- RF1-6, the originator's
    external_number     text        not null,      -- RF1-11
    state               text        not null,      -- requested | accepted | pending | rejected | expired | cancelled
    state_as_sent       text        not null,      -- RF1-1, table 0283
    priority            text        not null,      -- RF1-2, table 0280
    type                text        not null,      -- RF1-3, table 0281
    category            text        not null,      -- RF1-5, table 0284
    code                text        not null,      -- PR1-3, else OBR-4: what is asked for
    code_text           text        not null,
    code_system         text        not null,
    starts_at           timestamptz,               -- RF1-7
    starts_as_sent      text        not null,
    ends_at             timestamptz,               -- RF1-8
    ends_as_sent        text        not null,
    reason              text        not null,      -- RF1-10
    clinician           text        not null,      -- PRD of role RP, who refers
    referred_to         text        not null,      -- PRD of role RT
    details             text        not null,      -- DG1, OBX and NTE, a line each
    unique (record_id, partner, visit_id, item_key)
);

-- What TXA says of a document. status: active | ended (T11 or TXA-19 CA: cancelled, leaves clinical views)
create table clinical_document (
    id                  bigint      primary key,
    record_id           bigint      not null,
    partner             text        not null,
    visit_id            bigint      not null,
    item_key            text        not null,      -- TXA-12, else TXA-2 and the time
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- TXA[1]
    status              text        not null check (status in ('active', 'ended')),
    listed_recorded     timestamptz,
    listed_message      timestamptz,
    listed_entry        bigint      not null,
    removed_recorded    timestamptz,
    removed_message     timestamptz,
    removed_entry       bigint      not null,
    number              text        not null,      -- TXA-12
    parent_number       text        not null,      -- TXA-13
    relation            text        not null,      -- replaces (T09, T10) | appends (T05, T06) | ''
    code                text        not null,      -- TXA-2, table 0270
    code_text           text        not null,
    code_system         text        not null,
    title               text        not null,      -- TXA-25, else TXA-16
    completion          text        not null,      -- TXA-17, table 0271
    confidentiality     text        not null,      -- TXA-18, table 0272
    availability        text        not null,      -- TXA-19, table 0273
    activity_at         timestamptz,               -- TXA-4, else TXA-6
    activity_as_sent    text        not null,
    clinician           text        not null,      -- TXA-9, else TXA-5
    authenticator       text        not null,      -- TXA-22, else TXA-10
    unique (record_id, partner, visit_id, item_key)
);
-- Which document replaces or continues another one.
create index clinical_document_parent on clinical_document (parent_number) where parent_number <> '';

-- The content of a document, which notifications without OBX leave as it is.
create table document_body (
    id                  bigint      primary key,
    record_id           bigint      not null,
    partner             text        not null,
    visit_id            bigint      not null,
    item_key            text        not null,      -- as in clinical_document
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- OBX[n-m]
    status              text        not null check (status in ('active', 'ended')),
    listed_recorded     timestamptz,
    listed_message      timestamptz,
    listed_entry        bigint      not null,
    removed_recorded    timestamptz,
    removed_message     timestamptz,
    removed_entry       bigint      not null,
    files               text        not null,      -- a line each: SHA-256, media type, bytes, title; the content is in document_content
    unique (record_id, partner, visit_id, item_key)
);
