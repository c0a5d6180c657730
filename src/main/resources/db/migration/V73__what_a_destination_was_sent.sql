-- Which MSH-10 a destination was sent, for MSA-2, and so that a partner that discards repeats by it does not discard
-- another message. Written when a delivery is settled: nothing is paid where it is staged.
drop index delivery_answered;
create index delivery_answered on delivery (control_id) where state in ('accepted', 'skipped', 'replaced');
comment on column delivery.control_id is 'MSH-10 of the body; of what was sent once an attempt begins';
