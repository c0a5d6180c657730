-- Where orders went: changes follow there, and a new order of a number that was sent asks a person.
create table order_sent (
    key         text   primary key,     -- folder of the sender | number | namespace
    destination text   not null,        -- of the laboratory: folder/queue
    entry_id    bigint not null
);
