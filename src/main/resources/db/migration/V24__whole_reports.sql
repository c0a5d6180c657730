-- Whether a version of a report says all that is known under its OBR (results: snapshot), so that
-- what it leaves out is gone. Read with the report's versions, for folding.
alter table report add column whole boolean not null default false;
