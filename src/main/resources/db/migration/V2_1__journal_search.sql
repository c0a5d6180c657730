-- The messages page, filtered by time. Rows arrive in order of time, so a block range index serves it
-- and costs the writer next to nothing.
create index journal_received_at on journal using brin (received_at) with (pages_per_range = 32, autosummarize = on);
-- The list of stray bytes is read newest first by its primary key.
