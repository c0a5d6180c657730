-- What instruments ask for their orders by: SPM-2 and SAC-3, joined by ~.
alter table placed_order add column specimen_number text not null default '';
-- Orders of a specimen or container (QBP^Q11).
create index placed_order_specimen on placed_order using gin (string_to_array(specimen_number, '~')) where specimen_number <> '';
