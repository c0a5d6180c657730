-- What a test and its unit are in LOINC and UCUM, as sent or by the partner's codes.csv.
alter table observation
    add column loinc    text    not null default '',
    add column ucum     text    not null default '',
    add column code_row integer not null default 0;  -- line of codes.csv; 0 none needed; -1 one is missing

-- What an analyst has to look up; nearly empty where nobody flags codes.
create index observation_without_code on observation (code, unit) where code_row = -1;
