-- Deliveries: messages on their way to partners. Written in the commit of the message that causes them.

create sequence delivery_id increment by 1000;

-- Where deliveries wait: partner/queue, as the outbox route names it. Paused is a person's word, or asks for one.
create table destination (
    name                text        primary key,
    state               text        not null default 'running' check (state in ('running', 'paused')),
    why                 text        not null default '',    -- why it is paused
    paused_at           timestamptz,
    owner               integer,                            -- the node that sends; alive while it holds the lock of this number
    epoch               bigint      not null default 0,     -- grows with each claim; what an older one still writes is void
    problem             text        not null default '',    -- why the head is still there, in words; '' when all is well
    failures            integer     not null default 0,     -- how often in a row it could not be sent
    tried_at            timestamptz,
    next_try_at         timestamptz,
    accepted_at         timestamptz                         -- when the last delivery was accepted
);

create table delivery (
    id                  bigint      primary key,
    entry_id            bigint      not null,               -- the message that caused it; deliveries leave in this order
    place               bigint      not null,               -- order within an entry: its id, or the id of what it replaces
    destination         text        not null,
    state               text        not null,               -- waiting | accepted | skipped | replaced
    control_id          text        not null,               -- MSH-10 of the body
    message_type        text        not null,               -- MSH-9.1^MSH-9.2 of the body
    size_bytes          integer     not null,
    body                bytea,                              -- as staged; null: the bytes of the entry as they came
    anew                boolean     not null default false, -- a person asked that the route make it anew
    replaces            bigint,                             -- the delivery it is an edited form of
    staged_at           timestamptz not null,
    settled_at          timestamptz
);
-- The next ones of a destination, and how many wait.
create index delivery_waiting on delivery (destination, entry_id, place) where state = 'waiting';
-- What became of a message, on its page.
create index delivery_entry on delivery (entry_id);
-- The page of a destination, newest first.
create index delivery_destination on delivery (destination, id desc);

-- Each row was written before its bytes left. Without an outcome: on its way, or its engine died.
create table attempt (
    delivery_id         bigint      not null,
    number              integer     not null,               -- from 1
    epoch               bigint      not null,               -- of the claim under which it was sent
    endpoint            text        not null,               -- frozen, for example mllp:127.0.0.1:2577
    content             bytea,                              -- frozen, what was sent; null: the delivery's body
    started_at          timestamptz not null,
    ended_at            timestamptz,
    outcome             text,                               -- accepted | refused | deferred | unsent | unknown
    answer              bytea,                              -- as it came, without the MLLP envelope
    words               text,                               -- the outcome for people, without content
    primary key (delivery_id, number)
);

-- What people decided about deliveries, and why. Append-only, like the audit trail.
create table delivery_decision (
    id                  bigint      generated always as identity primary key,
    at                  timestamptz not null,
    account             text        not null,
    destination         text        not null,
    delivery_id         bigint,
    decision            text        not null,               -- pause | resume | skip | anew | edit
    reason              text        not null
);
-- The page of a destination.
create index delivery_decision_destination on delivery_decision (destination, id desc);
-- The page of a delivery.
create index delivery_decision_delivery on delivery_decision (delivery_id) where delivery_id is not null;

create trigger delivery_decision_is_append_only
    before update or delete or truncate on delivery_decision
    for each statement execute function refuse_audit_change();
