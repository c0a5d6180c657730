-- Serves the list of patients whom messages named without a number (page Unmatched).
create index patient_record_unidentified on patient_record (id)
    where id_type = '@unidentified';
