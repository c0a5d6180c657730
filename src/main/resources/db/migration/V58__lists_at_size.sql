-- What the lists of a large clinic are read by.
-- To sign: the newest reports.
drop index report_recorded;
create index report_recorded on report (recorded_at, id);
-- Alerts: whose medication, and whose service that may be done with contrast, was stated last. The words stand in
-- PatientsWithOrders as well.
drop index medication_order_active;
create index medication_order_active on medication_order (listed_entry)
    where status = 'active' and state in ('active', 'on-hold');
drop index if exists placed_order_contrast;
create index placed_order_contrast on placed_order (listed_entry)
    where status = 'active' and state in ('active', 'on-hold')
      and (code_text ~* 'contrast|gadolinium|enhanced|\y(ct|cta|ctv|cat|mr|mri|mra|mrv|mre|ivp|ivu|ercp|vcug|mcug|hsg|lhc|rhc|pci)\y|tomograph|magnetic|gram|graphy|\ycath|angioplast|emboli[sz]'
           or supporting ~* 'contrast|gadolinium|\y(ct|cta|mr|mri|mra)\y');
-- Everywhere: of which reports something was withdrawn.
create index observation_withdrawal on observation (report_series) where standing = 'withdrawal';
