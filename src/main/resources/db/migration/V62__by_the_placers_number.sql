-- Reports that name the placer's number only, and those whose versions have the filler's number, too (decision 68).
-- Bits of report.says (ReportWords): 1 << 27 without a filler's number, 1 << 26 versions with both kinds of numbers.

-- Whether a report with both numbers has versions that came without the filler's.
create index report_by_placer on report (partner, entity) where (says & 134217728) <> 0;
-- All versions of a report that has two numbers.
create index report_of_two_numbers on report (series) where (says & 67108864) <> 0;

update report r
set says = r.says | 134217728
from clinical_order o
where o.id = r.order_id and o.filler_number = '' and r.number = r.placer_number;
