-- codes: hold. Messages that wait until somebody has said what a test is. Nothing is written here for other partners.

-- The orders that they hold up: later messages of the order wait behind them. A row counts while its entry is held or received.
create table held_order (
    entry_id            bigint      not null,
    partner             text        not null,
    number              text        not null,      -- as in report
    primary key (entry_id, number)
);
-- Who waits on an order, asked for every group with messages of a partner that holds.
create index held_order_number on held_order (partner, number, entry_id);

-- The tests that they wait for, one row each; deleted when they go on.
create table held_code (
    entry_id            bigint      not null,
    n                   integer     not null,
    partner             text        not null,
    code                text        not null,      -- OBX-3.1 as sent
    code_text           text        not null,      -- OBX-3.2 as sent
    unit                text        not null,      -- OBX-6 as sent
    said_at             timestamptz,               -- time of the result, else of the message; null when neither was sent
    primary key (entry_id, n)
);
-- What a partner's new codes.csv may answer.
create index held_code_partner on held_code (partner, entry_id);
