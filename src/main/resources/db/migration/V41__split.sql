-- Split: a person says that records are not one patient. An assertion of kind 'apart' joins nobody and keeps
-- apart what merges and links would join.
alter table assertion drop constraint assertion_kind_check;
alter table assertion add constraint assertion_kind_check
    check (kind in ('merged', 'linked', 'unlinked', 'moved', 'apart'));
-- Of a merge or link that a split keeps from joining: the decision that split. Worked out whenever identity changes.
alter table assertion add column overruled_by bigint;

alter table decision drop constraint decision_kind_check;
alter table decision add constraint decision_kind_check check (kind in
    ('link', 'create', 'not-ours', 'again', 'merge', 'undo', 'override', 'split'));
