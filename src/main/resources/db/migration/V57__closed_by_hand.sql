-- Orders and referrals that a person closed because nothing will answer them (decision 0063). The loop is the
-- decision's alert; about_entry is one of the messages that were known of it.
alter table decision drop constraint decision_kind_check;
alter table decision add constraint decision_kind_check check (kind in
    ('link', 'create', 'not-ours', 'again', 'merge', 'undo', 'override', 'split', 'file', 'close'));
-- Why, as one of few.
alter table decision add column closed_as text
    check (closed_as in ('no-show', 'not-performed', 'answered', 'mistake', 'other')),
    add column known bigint[];                    -- messages of the loop that whoever closed it had seen
-- One decision at most holds about an alert or a loop.
drop index decision_alert;
create unique index decision_alert on decision (alert) where kind in ('override', 'close') and withdrawn_by is null;
-- What was closed last.
create index decision_close on decision (entry_id) where kind = 'close' and withdrawn_by is null;
