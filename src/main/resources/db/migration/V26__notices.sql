-- Notices: who saw a result that was withdrawn or corrected afterwards is told. They are computed
-- when read; that somebody took note stands in the audit trail.

-- When a message was first charted, if it was charted anew since (undo); null of all others. What was
-- seen when must not change because a decision was taken back.
alter table journal add column charted_at timestamptz;

-- Changes that whoever saw the value before has to know, by time. Few versions are in it.
create index observation_changed on observation (recorded_at)
    where standing = 'withdrawal' or corrected or status = 'C';

-- What somebody saw of certain patients, and which changes they took note of.
create index audit_account on audit (account, at);
