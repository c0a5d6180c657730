-- Immunizations, appointments and orders, as their senders state them: items like those of V5.

alter table statement drop constraint statement_kind_check;
alter table statement add constraint statement_kind_check check (kind in
    ('demographics', 'encounter', 'allergy', 'condition', 'coverage', 'immunization', 'appointment', 'placed_order'));
alter table patient_list drop constraint patient_list_kind_check;
alter table patient_list add constraint patient_list_kind_check check (kind in
    ('allergy', 'condition', 'coverage', 'immunization', 'appointment', 'placed_order'));

-- status: active | ended (its sender took it back: RXA-21 D)
create table immunization (
    id                  bigint      primary key,
    record_id           bigint      not null,
    partner             text        not null,
    visit_id            bigint      not null,
    item_key            text        not null,      -- ORC-3, else RXA-5 and the day of RXA-3
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- RXA[n]
    status              text        not null check (status in ('active', 'ended')),
    listed_recorded     timestamptz,
    listed_message      timestamptz,
    listed_entry        bigint      not null,
    removed_recorded    timestamptz,
    removed_message     timestamptz,
    removed_entry       bigint      not null,
    code                text        not null,      -- RXA-5
    code_text           text        not null,
    code_system         text        not null,
    number              text        not null,      -- ORC-3
    given_at            timestamptz,               -- RXA-3
    given_as_sent       text        not null,
    completion          text        not null,      -- RXA-20, table 0322: CP RE NA PA
    reason              text        not null,      -- RXA-18, why it was not given
    source              text        not null,      -- RXA-9, table NIP001: 00 given by the sender, 01 and on history
    dose                text        not null,      -- RXA-6, RXA-7
    route               text        not null,      -- RXR-1
    site                text        not null,      -- RXR-2
    lot                 text        not null,      -- RXA-15
    expires_as_sent     text        not null,      -- RXA-16
    manufacturer        text        not null,      -- RXA-17
    clinician           text        not null,      -- RXA-10
    details             text        not null,      -- OBX behind the RXA, a line each
    unique (record_id, partner, visit_id, item_key)
);

-- status: active | ended (S17: entered in error)
create table appointment (
    id                  bigint      primary key,
    record_id           bigint      not null,
    partner             text        not null,
    visit_id            bigint      not null,
    item_key            text        not null,      -- SCH-2, else SCH-1
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- SCH[1]
    status              text        not null check (status in ('active', 'ended')),
    listed_recorded     timestamptz,
    listed_message      timestamptz,
    listed_entry        bigint      not null,
    removed_recorded    timestamptz,
    removed_message     timestamptz,
    removed_entry       bigint      not null,
    number              text        not null,
    state               text        not null,      -- booked | cancelled | no-show, by MSH-9.2
    state_as_sent       text        not null,      -- SCH-25
    code                text        not null,      -- AIS-3, what is done
    code_text           text        not null,
    code_system         text        not null,
    type                text        not null,      -- SCH-8
    reason              text        not null,      -- SCH-7, else SCH-6
    starts_at           timestamptz,
    starts_as_sent      text        not null,
    ends_at             timestamptz,
    ends_as_sent        text        not null,
    duration            text        not null,      -- SCH-9, SCH-10
    clinician           text        not null,      -- AIP-3
    location            text        not null,      -- AIL-3
    unique (record_id, partner, visit_id, item_key)
);

-- An order as the placer states it. status: active | ended (ORC-1 DE: entered in error)
create table placed_order (
    id                  bigint      primary key,
    record_id           bigint      not null,
    partner             text        not null,
    visit_id            bigint      not null,
    item_key            text        not null,      -- placer's number and OBR-4, else filler's number and OBR-4
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- OBR[n]
    status              text        not null check (status in ('active', 'ended')),
    listed_recorded     timestamptz,
    listed_message      timestamptz,
    listed_entry        bigint      not null,
    removed_recorded    timestamptz,
    removed_message     timestamptz,
    removed_entry       bigint      not null,
    code                text        not null,      -- OBR-4
    code_text           text        not null,
    code_system         text        not null,
    placer_number       text        not null,      -- OBR-2, else ORC-2
    filler_number       text        not null,      -- OBR-3, else ORC-3
    group_number        text        not null,      -- ORC-4
    state               text        not null,      -- active | on-hold | cancelled | completed
    control             text        not null,      -- ORC-1, table 0119
    state_as_sent       text        not null,      -- ORC-5, table 0038
    priority            text        not null,      -- TQ1-9, OBR-5 or ORC-7.6
    ordered_at          timestamptz,               -- ORC-9
    ordered_as_sent     text        not null,
    collected_at        timestamptz,               -- OBR-7
    collected_as_sent   text        not null,
    clinician           text        not null,      -- OBR-16, else ORC-12
    reason              text        not null,      -- OBR-31, else OBR-13
    specimen            text        not null,      -- SPM-4, else OBR-15
    details             text        not null,      -- OBX behind it (ask at order entry), a line each
    unique (record_id, partner, visit_id, item_key)
);
-- Which order a report belongs to, by its numbers.
create index placed_order_placer on placed_order (placer_number) where placer_number <> '';
