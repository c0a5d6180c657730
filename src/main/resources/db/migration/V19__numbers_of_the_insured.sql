-- The insured as the insurer knows them: IN1-49 with who gave it, and the numbers of IN2.
alter table coverage
    add column member_number    text not null default '',  -- IN1-49.1
    add column member_authority text not null default '',  -- IN1-49.4
    add column further_numbers  text not null default '';  -- IN2-6, 8, 10, 61: type^number^authority, ~ between
