-- Whose results are that name no patient but an order's number, with its namespace or without.
create index placed_order_placer_entity on placed_order (split_part(placer_number, '^', 1)) where placer_number <> '';
create index placed_order_filler_entity on placed_order (split_part(filler_number, '^', 1)) where filler_number <> '';
