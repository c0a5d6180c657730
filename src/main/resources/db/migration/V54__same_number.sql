-- Two patients of one number that was sent with and without its type, or with its authority in other letters: those
-- of before such numbers were compared. Each is asked of a person (Unmatched); none is added any more.
create table same_number (
    record_id   bigint not null,
    other_id    bigint not null,
    primary key (record_id, other_id)
);
insert into same_number (record_id, other_id)
select a.id, b.id
from patient_record a
join patient_record b
  on b.id_value = a.id_value and lower(b.authority) = lower(a.authority) and b.id > a.id
where a.edition = 0 and b.edition = 0
  and (a.id_type = b.id_type or a.id_type = '' or b.id_type = '')
  and a.id_type not like '@%' and b.id_type not like '@%'
  and a.person_id <> b.person_id;
