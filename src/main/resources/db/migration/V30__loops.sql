-- What is needed to watch orders and referrals until they are answered (decision 0034).

-- What keeps an order from being done: payment | abn | aoe | specimen, '' for another reason; and the filler's words.
alter table placed_order add column hindrance text not null default '';
alter table placed_order add column hindrance_text text not null default '';
-- Which orders or referrals a document or an appointment is about (TXA-14, TXA-15, ORC; SCH-26, SCH-27), joined by ~.
alter table clinical_document add column order_numbers text not null default '';
alter table appointment add column order_numbers text not null default '';

-- The page Open orders: those of a time, without those that their sender took back.
create index placed_order_since on placed_order ((coalesce(ordered_at, listed_message, recorded_at))) where status = 'active';
create index referral_since on referral ((coalesce(starts_at, listed_message, recorded_at))) where status = 'active';

-- Whoever was told that an order or a referral is overdue: one open row a loop, closed when it was answered.
create table overdue (
    id                  bigint      generated always as identity primary key,
    loop_key            text        not null,      -- kind, partner, number and test: the same after a rebuild
    person_id           uuid        not null,
    item_id             bigint      not null,      -- placed_order or referral
    referral            boolean     not null,
    performer           text        not null,
    expected_at         timestamptz not null,
    raised_at           timestamptz not null,
    closed_at           timestamptz
);
-- None is raised twice.
create unique index overdue_open on overdue (loop_key, person_id) where closed_at is null;

-- How long a partner took for a test, of orders that were answered: what is expected where nobody said.
create table turnaround (
    partner             text        not null,
    code                text        not null,
    answered            integer     not null,
    median_seconds      bigint      not null,
    primary key (partner, code)
);
