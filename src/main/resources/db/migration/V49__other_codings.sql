-- Other codings of what an allergy is to, by which orders are screened; JSON by chart.Supporting.
alter table allergy add column supporting text not null default '';

-- Contrast is looked for in more than one word by now; nothing asks by this any more.
drop index placed_order_contrast;
