-- Rebuilding the chart from the journal.

-- Partners' folders by content, so that a message can be read again by what it was read by. Kept before a
-- version runs for the first time; only the files that say how messages are read (yaml, csv), no keys.
create table folder_version (
    partner             text        not null,
    version             text        not null,      -- as journal.folder_version
    kept_at             timestamptz not null default now(),
    primary key (partner, version)
);
create table folder_file (
    partner             text        not null,
    version             text        not null,
    name                text        not null,
    content             bytea       not null,
    primary key (partner, version, name)
);

-- What rebuilds found. Only the last ones are kept.
create table rebuild (
    id                  bigint      generated always as identity primary key,
    started_at          timestamptz not null,
    ended_at            timestamptz not null,
    current_versions    boolean     not null,      -- read by the folders as they were then, not as each message was read
    entries             bigint      not null,      -- messages and decisions that were read again
    facts               bigint      not null,      -- of the live chart
    live_hash           text        not null,
    rebuilt_hash        text        not null,
    remarks             jsonb       not null       -- what could not be read again, in words: ["…"]
);
create table rebuild_difference (
    rebuild_id          bigint      not null references rebuild on delete cascade,
    place               integer     not null,      -- the most frequent first
    kind                text        not null,      -- observation, report, entry …
    change              text        not null check (change in ('changed', 'only-live', 'only-rebuilt')),
    field               text        not null,      -- of a changed one
    facts               bigint      not null,      -- how many
    examples            jsonb       not null,      -- [{entry, record, path, live, rebuilt}]
    primary key (rebuild_id, place)
);
