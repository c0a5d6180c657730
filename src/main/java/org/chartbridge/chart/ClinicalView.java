package org.chartbridge.chart;

/**
 * What a clinician may see, in SQL (HL7-RULES §4). Every clinical read is made of these parts, so
 * that the rule stands in one place only:
 *
 * <ul>
 *   <li>only {@code current} versions of {@code current} reports are results;
 *   <li>{@code replaced}, {@code late} and {@code repeat} versions are history of a current value;
 *   <li>what D or W took back is in no clinical read, its history neither; of a series that knew a
 *       withdrawal only what came after it is history ({@link Observations#everyVersion} is for
 *       audit);
 *   <li>{@code withdrawal}, {@code not-shown} and {@code not-applied} versions are never shown;
 *       that the laboratory said afterwards of a final value that it could not be obtained (X)
 *       stands beside it as a note.
 * </ul>
 */
final class ClinicalView {
    /** The last collected first; what has no time comes last. */
    static final String NEWEST_FIRST =
            """
            o.observed_at desc nulls last, o.issued_at desc nulls last, o.message_at desc nulls last, o.id desc\
            """;

    /** The columns of a value {@code o}, for {@link ChartRows#observation}. */
    static final String OBSERVATION =
            """
            select o.*,
                   r.partner,
                   r.number as report_number,
                   p.person_id
            """;

    /** Every current value there is. */
    static final String CURRENT_OBSERVATIONS =
            """
            from patient_record p
            join report r on r.record_id = p.id and r.standing = 'current'
            join observation o on o.report_series = r.series and o.standing = 'current'
            """;

    /** Of versions {@code o} with their report {@code r}: what a clinician may see. */
    static final String FOR_CLINICIANS =
            """
            o.standing in ('current', 'replaced', 'late', 'repeat')
            and exists (
                select
                from report c
                where c.record_id in (select m.id from patient_record m where m.person_id = p.person_id)
                  and c.series = o.report_series
                  and c.standing = 'current'
            )
            and exists (
                select
                from observation c
                where c.report_series = o.report_series
                  and c.series = o.series
                  and c.standing = 'current'
            )
            and (
                o.standing = 'current'
                or not exists (
                    select
                    from observation gone
                    where gone.report_series = o.report_series
                      and gone.series = o.series
                      and gone.standing in ('withdrawn', 'withdrawal')
                      and (gone.version > o.version or o.standing <> 'replaced')
                )
            )
            """;

    /** A report of which a withdrawal left nothing goes too: that a test was done is a result. */
    static final String CURRENT_REPORTS =
            """
            from patient_record p
            join report r
              on r.record_id = p.id
             and r.standing = 'current'
             and (not exists (select from observation o
                              where o.report_series = r.series and o.standing = 'withdrawal')
                  or exists (select from observation o
                             where o.report_series = r.series and o.standing = 'current'))
            left join provider orderer on orderer.id = r.ordering_provider
            left join provider interpreter on interpreter.id = r.interpreter
            """;

    /**
     * Notes of values {@code o}, for {@link ChartRows#note}: its own, those of the version whose
     * value it confirms or says again, and what a later X says, which changes no final value ⚠,
     * until the value is said again.
     */
    static final String NOTES_OF_VALUES =
            """
            select n.id, n.source, n.text, n.entry_id, n.path, n.recorded_at, n.report_series, o.id as shown_at
            from note n
            join observation o
              on o.report_series = n.report_series
             and n.target in (o.id, o.confirms, o.notes_of)
            where n.report_series = any(:series)
              and %1$s
            union all
            select coalesce(n.id, x.id), 'L',
                   concat_ws(E'\n',
                             case when x.status = 'X'
                                  then 'The laboratory said later that this could not be obtained (X).'
                                  else 'The laboratory sent this again later, as final and without a value.' end,
                             nullif(x.value_text, ''), n.text),
                   x.entry_id, x.path, x.recorded_at, x.report_series, o.id
            from observation x
            join observation o
              on o.report_series = x.report_series
             and o.series = x.series
             and o.standing = 'current'
             and o.status <> 'X'
             and (coalesce(said_at(o.issued_at, o.issued_until, o.message_at)
                       <= said_at(x.issued_at, x.issued_until, x.message_at), true)
                  or o.claimed_at is not null and x.claimed_at is null)
            left join note n on n.report_series = x.report_series and n.target = x.id
            where x.report_series = any(:series)
              and x.standing = 'not-applied'
              and (x.status = 'X' or x.status in ('F', 'C', 'A') and x.value_text = '')
              and not exists (
                  select
                  from observation l
                  where l.report_series = x.report_series
                    and l.series = x.series
                    and l.status <> 'X'
                    and l.standing in ('current', 'repeat')
                    and (l.claimed_at is null or x.claimed_at is not null)
                    and said_at(l.issued_at, l.issued_until, l.message_at) > said_at(x.issued_at, x.issued_until, x.message_at))
              and %1$s
            """;

    /** The columns of a document of a value {@code o}, for {@link ChartRows#document}. */
    static final String DOCUMENT =
            """
            select d.*,
                   o.id as shown_at,
                   p.person_id,
                   content.media_type,
                   content.size_bytes
            """;

    private ClinicalView() {}
}
