-- Since when a destination is hindered by what only a person can mend, such as a certificate that has expired; null: it is not.
-- It is tried on meanwhile, and so ends by itself.
alter table destination add column asks_since timestamptz;
