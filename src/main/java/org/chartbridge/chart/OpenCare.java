package org.chartbridge.chart;

import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads orders and referrals of many patients at once, for whoever watches that they are answered;
 * long because of its statements. Which of them are open is decided by {@link OrderLoops} and
 * {@link ReferralLoops} over all that is known of a patient; the database only leaves out whom they
 * can't concern ⚠: an order is left out when a final report of its number and test, with something
 * performed and nothing preliminary, is there, unless its filler has stopped it or its last word
 * waits to be placed, or a person has placed it: another order may stand under the number then. A
 * referral is left out when a finished document names it that was said after the last word of it:
 * one from before may be the letter of a rejection.
 */
@Repository
public class OpenCare {
    private static final String CANDIDATES =
            """
            select c.person_id
            from (
                select p.person_id, coalesce(o.ordered_at, o.listed_message, o.recorded_at) as at
                from placed_order o
                join patient_record p on p.id = o.record_id
                where o.status = 'active'
                  and coalesce(o.ordered_at, o.listed_message, o.recorded_at) >= :since
                  and (o.control in ('OC', 'OD', 'RU')
                       or exists (select
                                  from delivery w
                                  where w.entry_id = o.listed_entry and w.state in ('waiting', 'skipped', 'replaced')
                                    and w.destination like '%/orders-to-place%')
                       or not exists (
                    select
                    from patient_record q
                    join report r on r.record_id = q.id
                    where q.person_id = p.person_id
                      and r.standing = 'current'
                      and r.placer_number = o.placer_number
                      and r.placer_number <> ''
                      and r.status in ('F', 'C', 'M', '')
                      and (lower(r.code) = lower(o.code) and o.code <> ''
                           or lower(r.code_text) = lower(o.code_text) and o.code_text <> '')
                      and exists (select
                                  from observation v
                                  where v.report_series = r.series and v.standing = 'current'
                                    and v.status <> 'X' and not v.not_performed)
                      and not exists (select
                                      from observation v
                                      where v.report_series = r.series and v.standing = 'current'
                                        and v.status in ('I', 'R', 'P', 'S'))))
                union all
                select p.person_id, coalesce(f.starts_at, f.listed_message, f.recorded_at)
                from referral f
                join patient_record p on p.id = f.record_id
                where f.status = 'active'
                  and not (f.state = '' and f.number <> ''
                           and exists (select
                                       from patient_record q
                                       join referral o on o.record_id = q.id
                                       where q.person_id = p.person_id and o.status = 'active'
                                         and o.number = f.number and o.state <> ''))
                  and coalesce(f.starts_at, f.listed_message, f.recorded_at) >= :since
                  and (f.state = 'rejected' or not exists (
                    select
                    from patient_record q
                    join clinical_document d on d.record_id = q.id
                    where q.person_id = p.person_id
                      and d.status = 'active'
                      and f.number = any(string_to_array(d.order_numbers, '~'))
                      and d.completion not in ('DI', 'IN', 'IP')
                      and coalesce(d.listed_recorded, d.listed_message) > coalesce(f.listed_recorded, f.listed_message)
                      and (f.state in ('accepted', 'pending', 'expired')
                           or d.partner <> f.partner
                              and not exists (
                                select
                                from delivery x
                                where x.entry_id = f.entry_id
                                  and split_part(x.destination, '/', 1) not in (d.partner, f.partner)))))
            ) c
            group by c.person_id
            order by exists (select from overdue o where o.person_id = c.person_id and o.closed_at is null) desc,
                     max(c.at) desc
            limit :limit
            """;

    private static final String WORDS =
            """
            select p.person_id, i.id as item_id, s.entry_id,
                   coalesce(item -> 'fields' -> 'code' ->> 'code', '') as code,
                   coalesce(item -> 'fields' -> 'code' ->> 'text', '') as code_text,
                   coalesce(item -> 'fields' -> 'code' ->> 'system', '') as code_system, s.partner, item ->> 'path' as path, s.trigger,
                   coalesce(s.entered_at, s.message_at) as said_at, s.recorded_at,
                   coalesce(item -> 'fields' -> 'control' ->> 'text', '') as control,
                   coalesce(item -> 'fields' -> 'clinical_status' ->> 'code',
                            item -> 'fields' -> 'clinical_status' ->> 'text', '') as status,
                   coalesce(item -> 'fields' -> 'state' ->> 'text', '') as state,
                   coalesce(item -> 'fields' -> 'hindrance' ->> 'code', '') as hindrance,
                   coalesce(item -> 'fields' -> 'hindrance' ->> 'text', '') as hindrance_text
            from patient_record p
            join statement s on s.record_id = p.id and s.kind = '%1$s'
            cross join lateral jsonb_array_elements(s.said -> 'items') items(item)
            join %1$s i on i.record_id = s.record_id and i.partner = s.partner
                       and i.visit_id = s.visit_id and (i.item_key = item ->> 'key' or %2$s)
            where p.person_id = any(:persons) and i.status = 'active'
            order by said_at nulls first, s.partner, s.entry_id
            """;

    private static final String REPORT_WORDS =
            """
            select p.person_id, r.series, r.entry_id, r.partner, r.path, r.status,
                   coalesce(r.issued_at, r.message_at) as said_at, r.recorded_at,
                   exists (select
                           from report b
                           where b.record_id = r.record_id and b.series = r.series
                             and b.version < r.version and b.status in ('F', 'C', 'M', '')) as correcting,
                   r.standing = 'repeat' as repeated
            from patient_record p
            join report r on r.record_id = p.id and r.standing in ('current', 'replaced', 'repeat')
            where p.person_id = any(:persons)
            order by r.series, r.version
            """;

    private static final String NAMING =
            """
            select p.person_id, false as appointment, d.entry_id, d.partner, d.path, d.order_numbers,
                   d.completion as state, coalesce(nullif(d.title, ''), nullif(d.code_text, ''), d.code) as title,
                   '' as starts, coalesce(d.listed_recorded, d.listed_message) as said_at, d.recorded_at
            from patient_record p
            join clinical_document d on d.record_id = p.id and d.status = 'active' and d.order_numbers <> ''
            where p.person_id = any(:persons) and not d.id = any(:documents)
            union all
            select p.person_id, true, a.entry_id, a.partner, a.path, a.order_numbers,
                   a.state, concat_ws(', ', nullif(a.clinician, ''), nullif(a.location, '')),
                   a.starts_as_sent, coalesce(a.listed_recorded, a.listed_message), a.recorded_at
            from patient_record p
            join appointment a on a.record_id = p.id and a.status = 'active' and a.order_numbers <> ''
            where p.person_id = any(:persons) and not a.id = any(:appointments)
            order by said_at nulls first, entry_id
            """;

    private final JdbcClient jdbc;

    OpenCare(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Patients who may have something open that was ordered since then: those of whom something is
     * overdue as far as was told first, then the last ordered.
     */
    public List<UUID> patients(Instant since, int limit) {
        return jdbc.sql(CANDIDATES)
                .param("since", OffsetDateTime.ofInstant(since, ZoneOffset.UTC))
                .param("limit", limit)
                .query(UUID.class)
                .list();
    }

    /** Whose order that is; empty when there is none of this id. */
    public Optional<UUID> patientOfOrder(long id) {
        return patientOf("placed_order", id);
    }

    /** Whose referral that is; empty when there is none of this id. */
    public Optional<UUID> patientOfReferral(long id) {
        return patientOf("referral", id);
    }

    /** Whom a message refers, as its record belongs now: nobody, one, or two of more. */
    public List<UUID> patientsReferredBy(long entryId) {
        return jdbc.sql(
                        """
                        select distinct p.person_id
                        from statement s
                        join patient_record p on p.id = s.record_id
                        where s.entry_id = :entry and s.kind = 'referral'
                        limit 2
                        """)
                .param("entry", entryId)
                .query(UUID.class)
                .list();
    }

    private Optional<UUID> patientOf(String table, long id) {
        return jdbc.sql(
                        "select p.person_id from %s i join patient_record p on p.id = i.record_id where i.id = :id"
                                .formatted(table))
                .param("id", id)
                .query(UUID.class)
                .optional();
    }

    /** All that is known of these patients' orders and referrals. */
    public List<WatchedCare> care(Collection<UUID> persons) {
        if (persons.isEmpty()) return List.of();
        var whose = persons.toArray(UUID[]::new);
        var orders = items("placed_order", LaterWord.OF_TESTS, whose, Registrations::placedOrder);
        var referrals = items("referral", "", whose, CareStatements::referral);
        var reports =
                read(
                        CareStatements.ORDERED_REPORTS
                                + "where p.person_id = any(:persons) order by r.series",
                        whose,
                        CareStatements::orderedReport);
        var orderWords =
                read(WORDS.formatted("placed_order", LaterWord.IS_ABOUT), whose, OpenCare::word);
        var referralWords = read(WORDS.formatted("referral", "false"), whose, OpenCare::word);
        var reportWords = read(REPORT_WORDS, whose, OpenCare::reportWord);
        var all = new Registrations.Search(List.copyOf(persons), List.of(), false);
        var naming =
                read(
                        NAMING,
                        whose,
                        Map.of(
                                "documents",
                                MergedLists.ended(jdbc, "clinical_document", all).all(),
                                "appointments",
                                MergedLists.ended(jdbc, "appointment", all).all()),
                        OpenCare::naming);
        return Arrays.stream(whose)
                .distinct()
                .map(
                        person -> {
                            var split =
                                    ReferralStatuses.of(of(orders, person), of(referrals, person));
                            return new WatchedCare(
                                    person,
                                    OrderLoops.of(split.orders(), of(reports, person)),
                                    ReferralLoops.of(of(referrals, person), split.statuses()),
                                    by(of(orderWords, person), ItemWord::item),
                                    by(of(referralWords, person), ItemWord::item),
                                    by(of(reportWords, person), ReportWord::series),
                                    of(reports, person),
                                    of(naming, person));
                        })
                .toList();
    }

    private interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> Map<UUID, List<T>> items(
            String table, String further, UUID[] whose, Reading<T> reading) {
        return read(
                """
                select i.*, p.person_id%2$s
                from patient_record p
                join %1$s i on i.record_id = p.id and i.status = 'active'
                where p.person_id = any(:persons)
                order by i.id
                """
                        .formatted(table, further),
                whose,
                reading);
    }

    private <T> Map<UUID, List<T>> read(String sql, UUID[] whose, Reading<T> reading) {
        return read(sql, whose, Map.of(), reading);
    }

    private <T> Map<UUID, List<T>> read(
            String sql, UUID[] whose, Map<String, ?> further, Reading<T> reading) {
        var all = new HashMap<UUID, List<T>>();
        RowMapper<T> mapper =
                (row, _) -> {
                    var one = reading.read(row);
                    all.computeIfAbsent(
                                    row.getObject("person_id", UUID.class), _ -> new ArrayList<>())
                            .add(one);
                    return one;
                };
        jdbc.sql(sql).param("persons", whose).params(further).query(mapper).list();
        return all;
    }

    private static <T> List<T> of(Map<UUID, List<T>> all, UUID person) {
        return all.getOrDefault(person, List.of());
    }

    private static <T> Map<Long, List<T>> by(List<T> all, Function<T, Long> id) {
        return all.stream().collect(Collectors.groupingBy(id));
    }

    private static ItemWord word(ResultSet row) throws SQLException {
        return new ItemWord(
                row.getLong("item_id"),
                row.getLong("entry_id"),
                Registrations.coding(row),
                row.getString("partner"),
                row.getString("path"),
                row.getString("trigger"),
                ChartRows.maybeInstant(row, "said_at"),
                ChartRows.instant(row, "recorded_at"),
                row.getString("control"),
                row.getString("status"),
                row.getString("state"),
                row.getString("hindrance"),
                row.getString("hindrance_text"));
    }

    private static ReportWord reportWord(ResultSet row) throws SQLException {
        return new ReportWord(
                row.getLong("series"),
                row.getLong("entry_id"),
                row.getString("partner"),
                row.getString("path"),
                row.getString("status"),
                ChartRows.maybeInstant(row, "said_at"),
                ChartRows.instant(row, "recorded_at"),
                row.getBoolean("correcting"),
                row.getBoolean("repeated"));
    }

    private static NamingOrders naming(ResultSet row) throws SQLException {
        return new NamingOrders(
                row.getBoolean("appointment"),
                row.getLong("entry_id"),
                row.getString("partner"),
                row.getString("path"),
                List.of(row.getString("order_numbers").split("~", -1)),
                row.getString("state"),
                row.getString("title"),
                row.getString("starts"),
                ChartRows.maybeInstant(row, "said_at"),
                ChartRows.instant(row, "recorded_at"));
    }
}
