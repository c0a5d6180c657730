-- A change or a cancel that came before its order leaves behind it.
alter table delivery
    add column behind bigint,                                               -- the entry it leaves after, where that came later
    add column turn bigint generated always as (greatest(entry_id, behind)) stored;
comment on column delivery.turn is 'deliveries leave in this order';
drop index delivery_waiting;
create index delivery_waiting on delivery (destination, turn, place) where state = 'waiting';

-- What waits to be placed and follows an order or a referral: a change, a cancel.
create table order_waiting (
    delivery_id bigint not null,
    entity      text   not null,                                            -- as order_sent.entity
    primary key (delivery_id, entity)
);
