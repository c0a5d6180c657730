-- When an order is to be done: TQ1-7, ORC-7.4, OBR-27.4, ORC-15 or OBR-6 of who asks for it.
alter table placed_order
    add column due_as_sent text not null default '',
    add column due_at      timestamptz;

-- What an overdue order waits for: payment | abn | aoe | specimen, '' for the answer. Each has an alert of its own.
alter table overdue add column clock text not null default '';
drop index overdue_open;
-- None is raised twice.
create unique index overdue_open on overdue (loop_key, person_id, clock) where closed_at is null;
