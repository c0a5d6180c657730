-- Who answers for the bill (GT1), as senders state them: items like those of V5.

alter table statement drop constraint statement_kind_check;
alter table statement add constraint statement_kind_check check (kind in
    ('demographics', 'encounter', 'allergy', 'condition', 'coverage', 'guarantor', 'immunization',
     'appointment', 'placed_order', 'medication_order', 'referral',
     'clinical_document', 'document_body'));
alter table patient_list drop constraint patient_list_kind_check;
alter table patient_list add constraint patient_list_kind_check check (kind in
    ('allergy', 'condition', 'coverage', 'guarantor', 'immunization',
     'appointment', 'placed_order', 'medication_order', 'referral',
     'clinical_document', 'document_body'));

create table guarantor (
    id                  bigint      primary key,
    record_id           bigint      not null,
    partner             text        not null,
    visit_id            bigint      not null,
    item_key            text        not null,
    entry_id            bigint      not null,
    recorded_at         timestamptz not null,
    path                text        not null,      -- GT1[n]
    status              text        not null check (status in ('active', 'ended')),
    listed_recorded     timestamptz,
    listed_message      timestamptz,
    listed_entry        bigint      not null,
    removed_recorded    timestamptz,
    removed_message     timestamptz,
    removed_entry       bigint      not null,
    number              text        not null,      -- GT1-2
    number_authority    text        not null,
    name                text        not null,      -- GT1-3, for people; else GT1-21
    name_parts          text        not null,      -- family^given^middle^suffix; empty of an organization
    address             text        not null,      -- GT1-5, for people
    address_parts       text        not null,      -- street^second line^city^state^postal code^country
    phone               text        not null,      -- GT1-6
    relationship        text        not null,      -- GT1-11, table 0063
    priority            text        not null,      -- GT1-15, else GT1-1
    begins_at           timestamptz,               -- GT1-13
    begins_as_sent      text        not null,
    ends_at             timestamptz,               -- GT1-14
    ends_as_sent        text        not null,
    unique (record_id, partner, visit_id, item_key)
);
