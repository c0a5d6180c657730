-- Screening: alerts are computed (decision 0035); what people decide about them is an entry.
alter table decision drop constraint decision_kind_check;
alter table decision add constraint decision_kind_check check (kind in
    ('link', 'create', 'not-ours', 'again', 'merge', 'undo', 'override'));
-- The alert that an override, or its undo, is about; null of decisions about identity.
alter table decision add column alert text;
-- Which of a patient's alerts are overridden; one decision at most holds.
create unique index decision_alert on decision (alert) where kind = 'override' and withdrawn_by is null;

-- The page Alerts: patients who have something ordered that could conflict.
create index medication_order_active on medication_order (record_id)
    where status = 'active' and state in ('active', 'on-hold');
create index placed_order_contrast on placed_order (record_id)
    where status = 'active' and code_text ~* 'contrast|gadolinium';
