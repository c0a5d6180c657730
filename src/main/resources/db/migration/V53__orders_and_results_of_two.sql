-- An order and results under its number (OBR-2) that are of two patients.
-- Whose results have the number of an order that arrives after them.
create index clinical_order_placer_entity on clinical_order (split_part(placer_number, '^', 1)) where placer_number <> '';
-- Such orders, for the page Unmatched.
create index journal_results_of_another on journal (id)
    where reasons @> '[{"reason": "results-of-another-patient"}]';
