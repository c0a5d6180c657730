-- A person may say that the partner has what nobody acknowledged: such a delivery is confirmed. MSA-2 may name it later,
-- and a partner that discards repeats by MSH-10 knows it.
drop index delivery_answered;
create index delivery_answered on delivery (control_id) where state in ('accepted', 'confirmed', 'skipped', 'replaced');
comment on column delivery.state is 'waiting | accepted | confirmed | skipped | replaced';
comment on column delivery_decision.decision is 'pause | resume | skip | has-it | anew | edit, and what worklists decide: held | release | not-sent';
