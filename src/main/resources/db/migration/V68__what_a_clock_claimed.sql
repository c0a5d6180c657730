-- MSH-7 of messages that were sent, by their own clock, after they came (decision 73).
alter table report add column claimed_at timestamptz;
alter table observation add column claimed_at timestamptz;
comment on column report.claimed_at is 'MSH-7 where it lies clearly after the moment at which the message came; message_at then is that moment, and the last at which it was said';
comment on column observation.claimed_at is 'as in report';
-- The few X that, by their times, were said before the final value that had come before them; for the page Unmatched.
create index observation_obtained_after on observation (recorded_at) where standing = 'replaced' and status = 'X';
