-- Answers to deliveries that go on as messages of their partner, by its route that begins with answers. Written in the
-- commit that settles the delivery, so that a kill forgets none.
create table answer_onward (
    delivery_id         bigint      not null,
    number              integer     not null,               -- of the attempt that was answered so
    entry_id            bigint,                             -- the answer in the journal; null while it waits
    primary key (delivery_id, number)
);
-- Those that wait.
create index answer_onward_waiting on answer_onward (delivery_id, number) where entry_id is null;
-- The page of a message: which delivery it answers.
create index answer_onward_entry on answer_onward (entry_id) where entry_id is not null;

-- Whether anybody gave a number that a note or a report carries: whom a referral was sent to gives one of its own (RF1-11).
create index referral_external_number_entity on referral (split_part(external_number, '^', 1)) where external_number <> '';
