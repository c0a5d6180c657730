-- Whether two numbers of orders or reports can be one, as OneNumber says it (decision 0075): the same before ^, and
-- behind it no namespace on one side, the same in whatever letters, or a namespace here and a universal id there.
create function same_number(one text, other text) returns boolean
    language sql immutable parallel safe
    return split_part(one, '^', 1) = split_part(other, '^', 1)
           and (strpos(one, '^') = 0
                or strpos(other, '^') = 0
                or lower(one) = lower(other)
                or (one ~ '\^([0-2](\.[0-9]+)+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$')
                   <> (other ~ '\^([0-2](\.[0-9]+)+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$'));

-- When a version was said, as Said says it (decision 73): by OBR-22, unless that lies behind its own message.
create function said_at(issued timestamptz, until timestamptz, message timestamptz) returns timestamptz
    language sql stable parallel safe
    return case
               when issued is null or issued > until or issued > message + interval '24 hours' then coalesce(message, issued)
               else issued
           end;

-- What a laboratory said that had no effect, for the page Unmatched; corrections (C) have observation_changed.
create index observation_without_effect on observation (recorded_at)
    where standing = 'not-applied' or (status = 'A' and standing in ('late', 'replaced'));
