-- Re-home: what a laboratory reported under one order number for one patient is another's. An assertion of kind
-- 'filed': record_id is whom it was reported for, other_id whose it is, authority the partner, number OBR-3.
alter table assertion drop constraint assertion_kind_check;
alter table assertion add constraint assertion_kind_check
    check (kind in ('merged', 'linked', 'unlinked', 'moved', 'apart', 'filed'));
-- Whose the results under a number are, asked for every group of results.
create index assertion_filed on assertion (authority, number) where kind = 'filed';

alter table decision drop constraint decision_kind_check;
alter table decision add constraint decision_kind_check check (kind in
    ('link', 'create', 'not-ours', 'again', 'merge', 'undo', 'override', 'split', 'file'));
