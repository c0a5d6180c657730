-- What a report goes deeper into (OBR-26, OBR-29), and whether the laboratory asked for it itself (OBR-11).
alter table report
    add column parent_number text not null default '',
    add column parent_test text not null default '',
    add column action text not null default '';
