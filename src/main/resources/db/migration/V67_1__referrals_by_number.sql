-- Answers that name no patient are found by the number of what was sent (ORC-2, RF1-6).
create index referral_number_entity on referral (split_part(number, '^', 1)) where number <> '';
