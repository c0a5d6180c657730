-- Messages that came in parts (HL7 v2.5.1 §2.10.2), beside the journal entries of the parts.
create table message_part (
    entry_id    bigint      primary key,   -- the part's entry
    partner     text        not null,      -- as in journal
    alike       uuid        not null,      -- equal for all parts of one message: hash of MSH-1 to 6, 9, 11, 12, 18
    takes_up    text        not null,      -- MSH-14, '' in the first part
    goes_on     text        not null,      -- DSC-1, '' in the last part
    content     uuid        not null,      -- hash of everything behind MSH: a part that came again
    said_at     timestamptz not null,      -- MSH-7, else when it came
    joined_into bigint,                    -- the entry that it was joined into; null while it waits
    taken_from  integer,                   -- of its bytes, from here on; null in one that came again
    joined_at   integer,                   -- where they stand in the bytes of that entry
    taken_bytes integer                    -- so many
);
-- What waits for its other parts, looked at by the backlog.
create index message_part_waiting on message_part (entry_id) where joined_into is null;
-- The parts of a message, for its page; whether a stored entry is one that was joined.
create index message_part_joined on message_part (joined_into) where joined_into is not null;
