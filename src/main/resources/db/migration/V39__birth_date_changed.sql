-- Registrations that gave a patient another birth date: their results are compared again (Unmatched).
-- Few messages are in it.
create index journal_birth_date_changed on journal (id)
    where reasons @> '[{"reason": "birth-date-changed"}]';
