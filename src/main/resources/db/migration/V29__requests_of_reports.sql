-- What a message says of the order that a report answers: its group, urgency, reason, specimen, and
-- the visit beside it, each with the place it stood at (RequestField). Null where it says nothing.
-- Read with the report only.
alter table report add column request jsonb;
