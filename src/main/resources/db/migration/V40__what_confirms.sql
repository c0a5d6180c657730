-- What a version without a value (B, U, V without OBX-5) has from the version it confirms, and how exactly OBR-22 was sent.
alter table report
    add column issued_until    timestamptz;                    -- last moment of an OBR-22 that is less exact than a second
alter table observation
    add column issued_until    timestamptz,                    -- as in report
    add column confirms        bigint,                         -- the version whose value, codings, translation and documents it has
    add column flags_inherited boolean not null default false, -- flags are those of the version it confirms
    add column range_inherited boolean not null default false; -- reference_range likewise
