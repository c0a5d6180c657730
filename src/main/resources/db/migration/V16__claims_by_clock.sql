-- Which message the name and the like of a record are from, while only laboratories know the patient: the first by
-- its own clock, whenever it arrived. MSH-7 in microseconds since 1970, and a hash of the claim for equal times.
-- The default is before every message: records that are there keep what they have.
alter table patient_record
    add column claimed bigint not null default -9223372036854775808,
    add column claim_hash bigint not null default 0;

-- A message that confirms a value which has not come yet (OBX-11 B, U or V without OBX-5) goes on when one does.
alter table held_claim add column for_value boolean not null default false;
