-- What messages said of an item that still counts, field by field: an empty field takes nothing
-- away (decision 88). Null of what was charted before; it is then what its latest statement says.
alter table allergy add column words jsonb;
alter table condition add column words jsonb;
alter table coverage add column words jsonb;
alter table guarantor add column words jsonb;
alter table immunization add column words jsonb;
alter table appointment add column words jsonb;
alter table placed_order add column words jsonb;
alter table medication_order add column words jsonb;
alter table referral add column words jsonb;
alter table clinical_document add column words jsonb;
alter table document_body add column words jsonb;
