-- The few reports that were cancelled or taken back (OBR-25), whose values may still stand; for the page Unmatched.
create index report_taken_back on report (recorded_at) where status in ('D', 'W', 'X');
comment on column report.issued_until is 'last moment that OBR-22, or MSH-7 where OBR-22 was not sent, may mean; null where it is exact';
comment on column observation.issued_until is 'as in report';
