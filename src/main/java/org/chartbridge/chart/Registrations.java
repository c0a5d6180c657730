package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Repository;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reads what registration knows; long because each kind of item has columns of its own.
 * Demographics with their history, visits, lists, and what else has a number: immunizations,
 * appointments, orders.
 */
@Repository
public class Registrations {
    /** Visits, allergies, conditions or coverages on a page. */
    public static final int MAX_ITEMS = 500;

    /** Statements about one patient that the history of fields is made of, the newest. */
    public static final int MAX_STATEMENTS = 1_000;

    /** Whose things are looked for, or which; both have to agree when both are given. */
    public record Search(List<UUID> persons, List<Long> ids, boolean endedToo) {
        public Search {
            persons = List.copyOf(persons);
            ids = List.copyOf(ids);
        }

        public static Search of(UUID person) {
            return new Search(List.of(person), List.of(), false);
        }

        public static Search of(long id) {
            return new Search(List.of(), List.of(id), true);
        }
    }

    /**
     * A sender who says that there are none.
     *
     * @param kind of which list
     */
    public record NoneKnown(ListKind kind, Source source) {}

    private final JdbcClient jdbc;

    Registrations(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** For reading a chart in the transaction of a connection. */
    public static Registrations of(Connection connection) {
        return new Registrations(
                JdbcClient.create(new SingleConnectionDataSource(connection, true)));
    }

    // ---------------------------------------------------------------- demographics

    /**
     * The fields that are known of a patient, or were, in order of the form; of a patient whom
     * nobody but laboratories knows, none.
     */
    public List<DemographicView> demographics(UUID person) {
        var stays = new EnumMap<DemographicField, Stated>(DemographicField.class);
        var others = new LinkedHashMap<Long, Map<DemographicField, Stated>>();
        jdbc.sql(
                        """
                        select id, demographics::text as demographics,
                               coalesce(own_person, person_id) = person_id as stays
                        from patient_record
                        where person_id = :person
                        order by id
                        """)
                .param("person", person)
                .query(
                        row -> {
                            var stated =
                                    RegistrationJson.statedDemographics(
                                            row.getString("demographics"));
                            if (row.getBoolean("stays")) stays.putAll(stated);
                            else others.put(row.getLong("id"), stated);
                        });
        var gone =
                others.isEmpty()
                        ? Map.<Long, Moment>of()
                        : Persons.merges(jdbc, others.keySet().toArray(Long[]::new));
        var current =
                Surviving.of(
                        stays,
                        others.entrySet().stream()
                                .map(
                                        one ->
                                                new Surviving.OneNumber(
                                                        one.getValue(), gone.get(one.getKey())))
                                .toList());
        DemographicField.leaveOutFormer(current, stated -> stated.said().entryId());
        var history = history(person);
        var views = new ArrayList<DemographicView>();
        current.forEach(
                (field, stated) ->
                        views.add(
                                new DemographicView(
                                        field,
                                        StatedView.of(stated),
                                        before(stated, history.getOrDefault(field, List.of())))));
        return views;
    }

    private Map<DemographicField, List<Stated>> history(UUID person) {
        var all = new EnumMap<DemographicField, List<Stated>>(DemographicField.class);
        jdbc.sql(
                        """
                        select s.entry_id, s.partner, s.weight, s.happened_at, s.entered_at, s.message_at,
                               s.said::text as said
                        from patient_record p
                        join statement s on s.record_id = p.id and s.kind = 'demographics'
                        where p.person_id = :person
                        order by s.id desc
                        limit :limit
                        """)
                .param("person", person)
                .param("limit", MAX_STATEMENTS)
                .query(
                        row -> {
                            var said =
                                    Moment.of(
                                            row.getInt("weight"),
                                            RegistrationReading.times(row),
                                            row.getLong("entry_id"));
                            var partner = row.getString("partner");
                            RegistrationJson.demographics(row.getString("said"))
                                    .forEach(
                                            (field, value) ->
                                                    all.computeIfAbsent(
                                                                    field, _ -> new ArrayList<>())
                                                            .add(new Stated(value, said, partner)));
                        });
        return all;
    }

    /** Other values than the current one, the last said first, each only where it was new. */
    private static List<StatedView> before(Stated current, List<Stated> all) {
        var oldestFirst = all.stream().sorted(Comparator.comparing(Stated::said)).toList();
        var changes = new ArrayList<Stated>();
        for (var stated : oldestFirst)
            if (changes.isEmpty() || !changes.getLast().value().saysTheSameAs(stated.value()))
                changes.add(stated);
        if (!changes.isEmpty() && changes.getLast().value().saysTheSameAs(current.value()))
            changes.removeLast();
        // Of a number that was merged away something may have been said later, and doesn't count.
        changes.removeIf(one -> one.said().entryId() == current.said().entryId());
        return changes.reversed().stream().map(StatedView::of).toList();
    }

    // ---------------------------------------------------------------- entries

    /**
     * What an ADT message said, for the message page.
     *
     * @param about {@code Person}, {@code Visit}, {@code Allergy}, {@code Condition} or {@code
     *     Coverage}
     * @param value empty when the field was deleted
     */
    public record Said(
            String about, String field, String value, boolean removed, String path, UUID personId) {

        /** The place only. */
        @Override
        public String toString() {
            return "Said[" + path + "]";
        }
    }

    /** What one entry said beside results, whatever became of it. */
    public List<Said> said(long entryId) {
        var all = new ArrayList<Said>();
        jdbc.sql(
                        """
                        select s.kind, s.said::text as said, p.person_id
                        from statement s
                        join patient_record p on p.id = s.record_id
                        where s.entry_id = :entry
                        order by s.id
                        """)
                .param("entry", entryId)
                .query(
                        row -> {
                            all.addAll(
                                    RegistrationJson.rows(
                                            row.getString("kind"),
                                            row.getString("said"),
                                            row.getObject("person_id", UUID.class)));
                        });
        return all;
    }

    // ---------------------------------------------------------------- visits

    /** Visits, the last admission first. */
    public Page<EncounterView> encounters(Search search, int offset, int limit) {
        return page(
                "encounter",
                search,
                "i.admitted_at desc nulls last, i.id desc",
                offset,
                limit,
                (row, _) -> encounter(row));
    }

    /** What was said of a visit, in the order in which it happened. */
    public List<VisitEventView> events(long encounter) {
        var versions =
                jdbc.sql(
                                """
                                select s.entry_id, s.partner, s.path, s.trigger, s.happened_at, s.entered_at,
                                       s.message_at, s.said::text as said
                                from statement s
                                where s.visit_id = :visit and s.kind = 'encounter'
                                order by s.id
                                limit :limit
                                """)
                        .param("visit", encounter)
                        .param("limit", MAX_STATEMENTS)
                        .query((row, _) -> RegistrationReading.version(row))
                        .list();
        if (versions.isEmpty()) return List.of();
        var cancelled = VisitTimeline.of(versions).cancelled();
        return VisitTimeline.inOrder(versions).stream()
                .map(version -> event(version, cancelled.contains(version.entryId())))
                .toList();
    }

    private static VisitEventView event(VisitTimeline.Version version, boolean cancelled) {
        var took = version.times().took();
        var location = version.fields().get(VisitField.LOCATION);
        return new VisitEventView(
                version.event(),
                took.equals(Instant.MIN) ? null : took,
                location == null ? "" : location.text(),
                cancelled,
                version.partner(),
                version.entryId());
    }

    private static EncounterView encounter(ResultSet row) throws SQLException {
        var fields = new EnumMap<VisitField, StatedView>(VisitField.class);
        RegistrationJson.statedVisit(row.getString("fields"))
                .forEach((field, stated) -> fields.put(field, StatedView.of(stated)));
        boolean numbered = VisitKey.Kind.of(row.getString("number_kind")) != VisitKey.Kind.ADMITTED;
        return new EncounterView(
                row.getLong("id"),
                row.getObject("person_id", UUID.class),
                VisitStatus.of(row.getString("status")),
                numbered ? row.getString("number") : "",
                numbered ? row.getString("authority") : "",
                fields,
                row.getString("partner"),
                row.getLong("entry_id"),
                row.getString("path"),
                ChartRows.instant(row, "recorded_at"));
    }

    // ---------------------------------------------------------------- lists

    /** Allergies, the severest first. */
    public Page<AllergyView> allergies(Search search, int offset, int limit) {
        return page(
                "allergy",
                ", p.id_value as patient_number",
                search,
                "case i.severity when 'SV' then 0 when 'MO' then 1 when 'MI' then 2 else 3 end,"
                        + " lower(i.code_text), i.id",
                offset,
                limit,
                (row, _) -> allergy(row));
    }

    private static AllergyView allergy(ResultSet row) throws SQLException {
        var supporting = Supporting.of(row.getString("supporting"));
        return new AllergyView(
                row.getLong("id"),
                row.getObject("person_id", UUID.class),
                row.getBoolean("stands"),
                coding(row),
                supporting.alternates(),
                supporting.numbers().stream().map(Supporting.Numbered::number).toList(),
                row.getString("category"),
                row.getString("severity"),
                row.getString("reaction"),
                ChartRows.maybeInstant(row, "onset_at"),
                row.getString("onset_as_sent"),
                row.getString("clinical_status"),
                row.getString("patient_number"),
                source(row));
    }

    /** Whether a diagnosis ({@code i}) is one of a list, and not the reason of something only. */
    private static final String LISTED =
            """
            , exists (select
                      from statement s
                      cross join lateral jsonb_array_elements(s.said -> 'items') items(item)
                      where s.record_id = i.record_id and s.kind = 'condition'
                        and s.partner = i.partner and s.visit_id = i.visit_id
                        and (s.trigger like 'A%' or s.trigger like 'PC%')
                        and item ->> 'key' = i.item_key) as listed
            """;

    /** Problems and diagnoses, the last said first. */
    public Page<ConditionView> conditions(Search search, int offset, int limit) {
        return page(
                "condition",
                LISTED,
                search,
                "i.listed_recorded desc nulls last, i.id",
                offset,
                limit,
                (row, _) ->
                        new ConditionView(
                                row.getLong("id"),
                                row.getObject("person_id", UUID.class),
                                row.getLong("visit_id"),
                                row.getBoolean("stands"),
                                coding(row),
                                row.getString("type"),
                                ChartRows.maybeInstant(row, "onset_at"),
                                row.getString("onset_as_sent"),
                                ChartRows.maybeInstant(row, "abated_at"),
                                row.getString("abated_as_sent"),
                                row.getString("clinical_status"),
                                row.getString("clinician"),
                                row.getBoolean("listed"),
                                source(row)));
    }

    /** Insurances, in the order in which they pay. */
    public Page<CoverageView> coverages(Search search, int offset, int limit) {
        return page(
                "coverage",
                search,
                "i.priority, i.id",
                offset,
                limit,
                (row, _) ->
                        new CoverageView(
                                row.getLong("id"),
                                row.getObject("person_id", UUID.class),
                                row.getBoolean("stands"),
                                row.getString("plan"),
                                row.getString("plan_text"),
                                row.getString("insurer"),
                                row.getString("insurer_id"),
                                row.getString("group_number"),
                                row.getString("group_name"),
                                row.getString("policy_number"),
                                row.getString("member_number"),
                                row.getString("member_authority"),
                                Repetitions.of(row.getString("further_numbers"), 3),
                                row.getString("insured"),
                                row.getString("relationship"),
                                row.getString("type"),
                                row.getString("priority"),
                                ChartRows.maybeInstant(row, "begins_at"),
                                row.getString("begins_as_sent"),
                                ChartRows.maybeInstant(row, "ends_at"),
                                row.getString("ends_as_sent"),
                                source(row)));
    }

    /** Who answers for the bill, the first first. */
    public Page<GuarantorView> guarantors(Search search, int offset, int limit) {
        return page(
                "guarantor",
                search,
                "i.priority, i.id",
                offset,
                limit,
                (row, _) ->
                        new GuarantorView(
                                row.getLong("id"),
                                row.getObject("person_id", UUID.class),
                                row.getBoolean("stands"),
                                row.getString("number"),
                                row.getString("number_authority"),
                                row.getString("name"),
                                parts(row.getString("name_parts"), GuarantorView.NAME_PARTS),
                                row.getString("address"),
                                parts(row.getString("address_parts"), GuarantorView.ADDRESS_PARTS),
                                row.getString("phone"),
                                row.getString("relationship"),
                                row.getString("priority"),
                                ChartRows.maybeInstant(row, "begins_at"),
                                row.getString("begins_as_sent"),
                                ChartRows.maybeInstant(row, "ends_at"),
                                row.getString("ends_as_sent"),
                                source(row)));
    }

    private static List<String> parts(String code, int parts) {
        var all = Repetitions.of(code, parts);
        return all.isEmpty() ? List.of() : all.getFirst();
    }

    /** Immunizations, the last given first. */
    public Page<ImmunizationView> immunizations(Search search, int offset, int limit) {
        return page(
                "immunization",
                "",
                // What a correction says of a number is no dose.
                "and i.item_key not like '# %'\n",
                search,
                "i.given_at desc nulls last, i.id",
                offset,
                limit,
                (row, _) ->
                        new ImmunizationView(
                                row.getLong("id"),
                                row.getObject("person_id", UUID.class),
                                row.getBoolean("stands"),
                                coding(row),
                                row.getString("number"),
                                ChartRows.maybeInstant(row, "given_at"),
                                row.getString("given_as_sent"),
                                row.getString("completion"),
                                row.getString("reason"),
                                row.getString("source"),
                                row.getString("dose"),
                                row.getString("route"),
                                row.getString("site"),
                                row.getString("lot"),
                                row.getString("expires_as_sent"),
                                row.getString("manufacturer"),
                                row.getString("clinician"),
                                row.getString("details"),
                                Supporting.of(row.getString("supporting")),
                                source(row)));
    }

    /** Appointments, the latest first. */
    public Page<AppointmentView> appointments(Search search, int offset, int limit) {
        return page(
                "appointment",
                search,
                "i.starts_at desc nulls last, i.id",
                offset,
                limit,
                (row, _) ->
                        new AppointmentView(
                                row.getLong("id"),
                                row.getObject("person_id", UUID.class),
                                row.getBoolean("stands"),
                                row.getString("number"),
                                row.getString("state"),
                                row.getString("state_as_sent"),
                                coding(row),
                                row.getString("type"),
                                row.getString("reason"),
                                ChartRows.maybeInstant(row, "starts_at"),
                                row.getString("starts_as_sent"),
                                ChartRows.maybeInstant(row, "ends_at"),
                                row.getString("ends_as_sent"),
                                row.getString("duration"),
                                row.getString("clinician"),
                                row.getString("location"),
                                numbers(row.getString("order_numbers")),
                                Supporting.of(row.getString("supporting")),
                                source(row)));
    }

    private static List<String> numbers(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split("~"));
    }

    /** Orders, the last stated first. */
    public Page<PlacedOrderView> orders(Search search, int offset, int limit) {
        return page(
                "placed_order",
                LaterWord.OF_TESTS,
                search,
                "coalesce(i.ordered_at, i.listed_message) desc nulls last, i.id",
                offset,
                limit,
                (row, _) -> placedOrder(row));
    }

    /**
     * The same, without what an ORC alone said of an order that is there: that is no other order.
     * By its id it is found still.
     */
    Page<PlacedOrderView> ordersOnce(Search search, int offset, int limit) {
        return page(
                "placed_order",
                LaterWord.OF_TESTS,
                search.ids().isEmpty() ? LaterWord.NO_ECHO : "",
                search,
                "coalesce(i.ordered_at, i.listed_message) desc nulls last, i.id",
                offset,
                limit,
                (row, _) -> placedOrder(row));
    }

    /**
     * The orders that a partner placed by a number.
     *
     * @param number ORC-2, with {@code ^} and its namespace where it has one
     */
    public List<PlacedOrderView> ordersNumbered(String partner, String number) {
        return jdbc.sql(
                        """
                        select i.*, p.person_id%s
                        from placed_order i
                        join patient_record p on p.id = i.record_id
                        where i.placer_number = :number and i.placer_number <> ''
                          and i.partner = :partner and p.edition = 0
                        order by i.id
                        """
                                .formatted(LaterWord.OF_TESTS))
                .param("number", number)
                .param("partner", partner)
                .query((row, _) -> placedOrder(row))
                .list();
    }

    /**
     * @param row with {@link LaterWord#OF_TESTS}
     */
    static PlacedOrderView placedOrder(ResultSet row) throws SQLException {
        var stands = LaterWord.of(row);
        var now =
                new PlacedOrderView(
                        row.getLong("id"),
                        row.getObject("person_id", UUID.class),
                        row.getString("status").equals("active"),
                        coding(row),
                        row.getString("placer_number"),
                        row.getString("filler_number"),
                        row.getString("group_number"),
                        stands.state(),
                        stands.control(),
                        stands.stateAsSent(),
                        row.getString("priority"),
                        ChartRows.maybeInstant(row, "ordered_at"),
                        row.getString("ordered_as_sent"),
                        ChartRows.maybeInstant(row, "collected_at"),
                        row.getString("collected_as_sent"),
                        ChartRows.maybeInstant(row, "due_at"),
                        row.getString("due_as_sent"),
                        row.getString("clinician"),
                        row.getString("reason"),
                        row.getString("specimen"),
                        row.getString("details"),
                        Supporting.of(row.getString("supporting")),
                        stands.source(),
                        row.getString("specimen_number"));
        return OrderedAgain.of(now, row.getString("before"), row.getString("later") != null);
    }

    /** Who says that there are none, for example no known allergies. */
    public List<NoneKnown> noneKnown(UUID person) {
        return MergedLists.noneKnown(jdbc, person);
    }

    private <T> Page<T> page(
            String table, Search search, String order, int offset, int limit, RowMapper<T> mapper) {
        return page(table, "", search, order, offset, limit, mapper);
    }

    /**
     * @param further columns beside those of the item ({@code i}), each after a comma
     */
    <T> Page<T> page(
            String table,
            String further,
            Search search,
            String order,
            int offset,
            int limit,
            RowMapper<T> mapper) {
        return page(table, further, "", search, order, offset, limit, mapper);
    }

    private <T> Page<T> page(
            String table,
            String further,
            String which,
            Search search,
            String order,
            int offset,
            int limit,
            RowMapper<T> mapper) {
        Page.check(offset, limit, MAX_ITEMS);
        var from =
                """
                from patient_record p
                join %s i on i.record_id = p.id
                where (cardinality(:persons) = 0 or %s)
                  and (cardinality(:ids) = 0 or i.id = any(:ids))
                """
                                .formatted(table, Persons.ARE_PERSONS)
                        + which;
        // Of a visit the status says where it stands, not whether it is on a list.
        if (!search.endedToo())
            from +=
                    table.equals("encounter")
                            ? "and i.status not in ('entered-in-error', 'unknown')\n"
                            : "and i.status = 'active' and not i.id = any(:ended)\n";
        var ended = MergedLists.ended(jdbc, table, search);
        var persons = search.persons().toArray(UUID[]::new);
        var ids = search.ids().toArray(Long[]::new);
        var total =
                jdbc.sql("select count(*) " + from)
                        .param("persons", persons)
                        .param("ids", ids)
                        .param("ended", ended.all())
                        .query(Long.class)
                        .single();
        var items =
                jdbc.sql(
                                "select i.*, p.person_id, i.status = 'active' and not i.id ="
                                        + " any(:off) as stands"
                                        + further
                                        + " "
                                        + from
                                        + " order by "
                                        + order
                                        + " offset :offset limit :limit")
                        .param("persons", persons)
                        .param("ids", ids)
                        .param("ended", ended.all())
                        .param(
                                "off",
                                table.equals("clinical_document")
                                        ? ended.takenBack().toArray(Long[]::new)
                                        : ended.all())
                        .param("offset", offset)
                        .param("limit", limit)
                        .query(mapper)
                        .list();
        return new Page<>(items, total, offset, limit);
    }

    static CodingView coding(ResultSet row) throws SQLException {
        return new CodingView(
                row.getString("code"), row.getString("code_text"), row.getString("code_system"));
    }

    static Source source(ResultSet row) throws SQLException {
        return new Source(
                row.getString("partner"),
                row.getLong("entry_id"),
                row.getString("path"),
                said(row, "listed"),
                ChartRows.instant(row, "recorded_at"));
    }

    static @Nullable Instant said(ResultSet row, String name) throws SQLException {
        var recorded = ChartRows.maybeInstant(row, name + "_recorded");
        return recorded != null ? recorded : ChartRows.maybeInstant(row, name + "_message");
    }
}
