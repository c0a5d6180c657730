-- What tells a value from others of the same test and sub-id under one OBR, where the partner's
-- settings say so: the time of OBX-14 (series), or OBX-21 (instance-ids). '' for all others.
alter table observation add column instance text not null default '';

-- A report is found by its order number with or without the namespace. Rewrites the table once.
alter table report
    add column entity text not null generated always as (split_part(number, '^', 1)) stored;
create index report_entity on report (partner, entity);

-- Final values of which the laboratory says later that they can't be obtained (X), for the list of
-- people who ask. Few versions are in it.
create index observation_not_obtained on observation (recorded_at)
    where standing = 'not-applied' and status = 'X';
