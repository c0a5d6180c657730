-- A document is looked for by its number in any form (decision 0086), and so is the one that replaces it.
drop index clinical_document_number;
create index clinical_document_number on clinical_document (split_part(number, '^', 1), partner) where number <> '';
drop index clinical_document_parent;
create index clinical_document_parent on clinical_document (split_part(parent_number, '^', 1)) where parent_number <> '';

-- A visit is looked for by its number in any form (decision 0086).
create index encounter_number on encounter (number, number_kind);
