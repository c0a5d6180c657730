-- Why each order of a delivery goes where it goes, as it was decided (Chosen): a JSON array; '' where nothing was chosen.
alter table delivery add column chosen text not null default '';

-- When something of an order left last: what is answered and old is forgotten (Forgetting), a batch at a time.
alter table order_sent add column at timestamptz not null default now();
create index order_sent_at on order_sent (at);
create index order_request_at on order_request (at);
