-- Patients' numbers that were given out to whoever asked for one (QBP^Q24, decision 0069). No fact of a
-- patient: a number is one in the chart when a message uses it.
create table new_number (
    authority       text        not null,          -- in lower case
    number          bigint      not null,
    partner         text        not null,
    control_id      text        not null,          -- MSH-10 of the query
    content_hash    uuid        not null,          -- of its bytes: who asks again gets the same
    given_at        timestamptz not null default now(),
    primary key (authority, number)
);
-- What was given to a query that comes again.
create index new_number_query on new_number (partner, control_id);
