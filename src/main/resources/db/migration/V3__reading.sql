-- What reading needs beside what writing needs. Patients are written rarely.

-- Search by any identifier of PID-3, not only by the one that is the record's own.
create index if not exists patient_record_identifiers on patient_record using gin (identifiers jsonb_path_ops);
-- Search by how a name begins, whatever the collation of the database.
create index if not exists patient_record_name_prefix on patient_record (lower(family_name) text_pattern_ops, lower(given_name) text_pattern_ops);
