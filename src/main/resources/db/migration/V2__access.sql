-- Who may use Chartbridge, and who looked at what.

create table account (
    name                text        primary key,
    password_hash       text        not null,      -- bcrypt, with its own prefix and salt
    role                text        not null check (role in ('ADMIN', 'CLINICIAN', 'ANALYST')),
    created_at          timestamptz not null,
    password_set_at     timestamptz not null
);

-- Append-only. Holds keys, never names, birth dates, search terms or values.
create table audit (
    id                  bigint      generated always as identity primary key,
    at                  timestamptz not null,
    account             text        not null,      -- as typed only when it is a known account, else ''
    action              text        not null,
    entry_id            bigint,                    -- the message that was looked at
    person_id           uuid,                      -- the patient whose chart was looked at
    document_id         bigint,
    address             text        not null       -- where the request came from; '' for the command line
);
-- Who looked at this patient.
create index audit_person on audit (person_id, id desc) where person_id is not null;
-- Who looked at this message.
create index audit_entry on audit (entry_id, id desc) where entry_id is not null;

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail is append-only';
end
$$;

create trigger audit_is_append_only
    before update or delete or truncate on audit
    for each statement execute function refuse_audit_change();
