-- A visit that its sender deleted (A23), and one of which only a change of number is known (A42, A50).
alter table encounter drop constraint encounter_status_check;
alter table encounter add constraint encounter_status_check check (status in
    ('planned', 'in-progress', 'finished', 'cancelled', 'entered-in-error', 'unknown'));
