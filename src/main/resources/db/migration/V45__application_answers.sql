-- Application acknowledgements that partners send after a delivery was accepted (HL7 v2.5.1 §2.9.3.2).
create table application_answer (
    entry_id            bigint      primary key,            -- the acknowledgement, in the journal
    partner             text        not null,
    delivery_id         bigint,                             -- null: MSA-2 names nothing that was sent to this partner
    code                text        not null,               -- MSA-1
    words               text        not null,               -- MSA-1, MSA-3 and ERR for people
    received_at         timestamptz not null
);
create index application_answer_delivery on application_answer (delivery_id) where delivery_id is not null;
-- What the worklist shows.
create index application_answer_negative on application_answer (entry_id) where code <> 'AA';

-- What MSA-2 names. Written when a delivery is settled: nothing is paid where it is staged.
create index delivery_answered on delivery (control_id) where state in ('accepted', 'skipped');
