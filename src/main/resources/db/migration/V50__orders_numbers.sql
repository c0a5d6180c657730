-- Orders sent: a number is found with or without its namespace, and for whom it was sent.
alter table order_sent
    add column entity text not null generated always as (regexp_replace(key, '[^|]*$', '')) stored, -- the key without its namespace
    add column patient text not null default '';                  -- number|authority, one a line; '' where that is not known
create index order_sent_entity on order_sent (entity);
