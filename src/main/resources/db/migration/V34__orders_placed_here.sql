-- Orders that are placed here, over FHIR and on a page (decision 0039).

-- Numbers of their messages, and of orders that came without one.
create sequence placed_here_number start 1001;

-- What was asked for, as it was asked; the message made of it is the journal's entry of partner and control_id (MSH-10).
create table order_request (
    partner             text        not null,
    control_id          text        not null,
    at                  timestamptz not null,
    account             text        not null,
    media_type          text        not null,
    content             bytea       not null,
    primary key (partner, control_id)
);
