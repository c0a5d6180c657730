-- A report that somebody signed: the segment that states it, in the message of entry_id.
alter table audit add column path text;
