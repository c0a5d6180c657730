-- Reports of the last days, for the pages Pool and To sign. By blocks: rows come in order of time,
-- and charting pays next to nothing for it.
create index report_recorded on report using brin (recorded_at);
