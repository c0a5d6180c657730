-- What an empty field, a repeated value without its note, and appended words leave standing (decision 67).
alter table report
    add column says      integer not null default 0, -- which fields it says something of, a bit each (ReportWords)
    add column inherited jsonb,                      -- fields that it leaves empty and has of another version, with the entry of each
    add column notes_of  bigint;                     -- the version whose notes it keeps

alter table observation
    add column words              boolean not null default false, -- text and nothing else, to which B appends
    add column own_text           text,                           -- what a B said itself; value_text is the whole
    add column noted              boolean not null default false, -- it says what notes there are
    add column notes_of           bigint,                         -- the version whose notes it keeps
    add column observed_inherited boolean not null default false; -- observed_at is that of its report

update report r
set says = coalesce((select bit_or(1 << array_position(array[
                   'group', 'parents', 'further-numbers', 'further-code', 'ordered', 'priority', 'reason', 'specimen',
                   'specimen-number', 'specimen-site', 'specimen-collected', 'specimen-received', 'visit',
                   'alternate-visit', 'class', 'location', 'admitted', 'discharged'], k) - 1)
               from jsonb_object_keys(r.request) k), 0)
         | case when r.collected_as_sent <> '' then 1 << 18 else 0 end
         | case when r.placer_number <> '' then 1 << 19 else 0 end
         | case when r.ordering_provider is not null then 1 << 20 else 0 end
         | case when r.interpreter is not null then 1 << 21 else 0 end
         | case when r.whole or exists (select from note n where n.report_series = r.series and n.target = r.id)
                then 1 << 28 else 0 end
         | case when r.parent_number <> '' or r.parent_test <> '' then 1 << 29 else 0 end
         | case when r.action <> '' then 1 << 30 else 0 end;

update observation o
set words = upper(o.value_type) in ('TX', 'FT', 'ST') and o.value_text <> '' and o.value_number is null
            and o.value_codings is null and not o.not_performed and not o.value_inherited
            and not exists (select from document d where d.report_series = o.report_series and d.observation_id = o.id),
    own_text = case when o.status = 'B' and upper(o.value_type) in ('TX', 'FT', 'ST') and o.value_text <> ''
                         and not o.value_inherited then o.value_text end,
    noted = exists (select from note n where n.report_series = o.report_series and n.target = o.id)
            or exists (select from report r where r.series = o.report_series and r.entry_id = o.entry_id and r.whole);
