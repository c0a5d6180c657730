-- What a message says of an item in segments of their own, for those who read it as data: answers
-- and earlier values (OBX), orders that a document or a referral names (ORC, OBR), diagnoses of a
-- referral (DG1), further numbers, parents, the visit. JSON by chart.Supporting; '' for nothing.
alter table placed_order add column supporting text not null default '';
alter table medication_order add column supporting text not null default '';
alter table immunization add column supporting text not null default '';
alter table referral add column supporting text not null default '';
alter table clinical_document add column supporting text not null default '';
alter table appointment add column supporting text not null default '';
