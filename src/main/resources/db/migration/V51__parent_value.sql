-- What the value of another report is called that a value goes deeper into (OBR-26.3): the organism
-- that a susceptibility is of, as its laboratory named it then. '' where it was not sent, and of what
-- was charted before this was kept.
alter table observation add column parent_value text not null default '';

-- Susceptibilities and other reports of reports that were charted lately: those whose isolate was
-- corrected since are listed for people. Few reports are in it.
create index report_of_report on report (recorded_at) where parent_number <> '';
