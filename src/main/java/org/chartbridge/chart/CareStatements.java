package org.chartbridge.chart;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Repository;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads what senders state of a patient's care beside registration: medication, referrals,
 * documents; long because of its statements. A document that was cancelled has no content any more
 * ⚠, and one that was replaced is not among those that stand.
 */
@Repository
public class CareStatements {

    /** Reports of one patient that orders are joined with, the oldest first. */
    static final int MAX_REPORTS = 10_000;

    /** Characters of a text that a page shows. */
    public static final int MAX_TEXT_CHARACTERS = 100_000;

    /** Reports as far as an order may know them again, for {@link #orderedReport}. */
    static final String ORDERED_REPORTS =
            """
            select p.person_id, r.series, r.partner, r.number, r.placer_number, r.code, r.code_text,
                   r.code_system, r.alternate ->> 'code' as other_code,
                   r.alternate ->> 'text' as other_text, r.status,
                   r.parent_number, r.parent_test, r.action,
                   exists (select from observation o
                           where o.report_series = r.series and o.standing = 'current') as valued,
                   exists (select from observation o
                           where o.report_series = r.series and o.standing = 'current'
                             and o.status <> 'X' and not o.not_performed) as done,
                   exists (select from observation o
                           where o.report_series = r.series and o.standing = 'current'
                             and o.status in ('I', 'R', 'P', 'S')) as pending,
                   coalesce((select min(left(o.value_text, 300)) from observation o
                             where o.report_series = r.series and o.standing = 'current'
                               and (o.status = 'X' or o.not_performed)),
                            case when not exists (select from observation o
                                                  where o.report_series = r.series and o.standing = 'current')
                                 then (select left(n.text, 300) from note n
                                       where n.report_series = r.series and n.target = r.id
                                       order by n.id
                                       limit 1)
                            end) as why
            """
                    + ClinicalView.CURRENT_REPORTS;

    /**
     * Which document replaces this one, or did until it was cancelled itself, of the same sender
     * and patient; and which one this is about. A number may come in other forms (decision 0086),
     * unless documents of two namespaces have it.
     */
    private static final String DOCUMENT_COLUMNS =
            """
            , (select n.status || ' ' || n.number
               from clinical_document n
               join patient_record q on q.id = n.record_id and q.person_id = p.person_id
               where i.number <> '' and n.partner = i.partner and n.relation = 'replaces'
                 and split_part(n.parent_number, '^', 1) = split_part(i.number, '^', 1)
                 and %1$s
                 and not (i.relation = 'replaces' and same_number(i.parent_number, n.number)
                          and (%5$s, i.listed_entry) > (%6$s, n.listed_entry))
               order by n.status, n.id limit 1) as replaced_by
            , coalesce((select n.id
                        from clinical_document n
                        join patient_record q on q.id = n.record_id and q.person_id = p.person_id
                        where i.parent_number <> '' and n.number <> ''
                          and split_part(n.number, '^', 1) = split_part(i.parent_number, '^', 1)
                          and %2$s
                          and n.partner = i.partner and n.id <> i.id
                        order by n.status, n.id limit 1), 0) as parent_id
            , coalesce((select b.files
                        from document_body b
                        where b.record_id = i.record_id and b.partner = i.partner
                          and b.visit_id = 0
                          and (b.item_key = i.item_key or i.number <> '' and %3$s)
                          and b.status = 'active' and i.status = 'active' limit 1), '') as files
            , (select count(*)
               from statement s, jsonb_array_elements(s.said -> 'items') item
               where s.record_id = i.record_id and s.kind = 'document_body'
                 and s.partner = i.partner
                 and (item.value ->> 'key' = i.item_key
                      or i.number <> '' and %4$s)) as versions
            """
                    .formatted(
                            isOne("n.parent_number", "i.number"),
                            isOne("n.number", "i.parent_number"),
                            isOne("b.item_key", "i.number"),
                            isOne("item.value ->> 'key'", "i.number"),
                            replacedAt("i"),
                            replacedAt("n"));

    /**
     * When a document was said to replace another: of two that replace one another the later one
     * stands ⚠.
     */
    private static String replacedAt(String document) {
        return """
        coalesce((select max((w ->> 'message')::timestamptz)
                  from jsonb_array_elements(%1$s.words) w
                  where w #> '{fields,relation}' is not null), %1$s.listed_message, '-infinity')\
        """
                .formatted(document);
    }

    /** As {@link Numbers} has it among the documents of the patient {@code p}. */
    private static String isOne(String one, String other) {
        return """
        same_number(%1$s, %2$s)
        and (%1$s = %2$s
             or not exists (select
                            from patient_record y
                            join clinical_document x on x.record_id = y.id
                            where y.person_id = p.person_id and x.partner = i.partner
                              and x.number <> ''
                              and split_part(x.number, '^', 1) = split_part(%2$s, '^', 1)
                              and same_number(x.number, %1$s) <> same_number(x.number, %2$s)))\
        """
                .formatted(one, other);
    }

    private final JdbcClient jdbc;
    private final Registrations registrations;

    CareStatements(JdbcClient jdbc, Registrations registrations) {
        this.jdbc = jdbc;
        this.registrations = registrations;
    }

    /** For reading a chart in the transaction of a connection. */
    public static CareStatements of(Connection connection) {
        return of(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
    }

    /** For reading a chart from outside the engine. */
    public static CareStatements of(JdbcClient jdbc) {
        return new CareStatements(jdbc, new Registrations(jdbc));
    }

    /** A patient's orders with what came of them, the last stated first. */
    public List<OrderLoop> orders(UUID person) {
        var orders =
                registrations
                        .orders(Registrations.Search.of(person), 0, Registrations.MAX_ITEMS)
                        .items();
        if (orders.isEmpty()) return List.of();
        return OrderLoops.of(withoutStatuses(person, orders), reports(person));
    }

    /** Without what was said of referrals as of orders. */
    private List<PlacedOrderView> withoutStatuses(UUID person, List<PlacedOrderView> orders) {
        return orders.stream().noneMatch(ReferralStatuses::mayBe)
                ? orders
                : ReferralStatuses.of(orders, allReferrals(person)).orders();
    }

    /** Orders as they stand: each sender's own, with the state that all of them give. */
    public Page<PlacedOrderView> ordersAsTheyStand(
            Registrations.Search search, int offset, int limit) {
        return asTheyStand(registrations.ordersOnce(search, offset, limit), false);
    }

    /** The same, also what an ORC alone said of an order that is there. */
    public Page<PlacedOrderView> allOrdersAsTheyStand(
            Registrations.Search search, int offset, int limit) {
        var page = registrations.orders(search, offset, limit);
        // Where these are all orders of their patients, they are not read once more.
        boolean whole =
                search.ids().isEmpty() && !search.endedToo() && page.items().size() == page.total();
        return asTheyStand(page, whole);
    }

    private Page<PlacedOrderView> asTheyStand(Page<PlacedOrderView> page, boolean whole) {
        var states = new HashMap<Long, String>();
        (whole ? loops(page.items()) : persons(page.items()).stream().flatMap(this::loops))
                .forEach(
                        loop -> {
                            states.put(loop.order().id(), loop.state());
                            for (var other : loop.others())
                                states.putIfAbsent(other.id(), loop.state());
                        });
        return new Page<>(
                page.items().stream()
                        .map(one -> one.in(states.getOrDefault(one.id(), one.state())))
                        .toList(),
                page.total(),
                page.offset(),
                page.limit());
    }

    /**
     * The orders, by id, that reports of these patients belong to: by number and test, or as a
     * reflex test and the like of such a report. By the series of the report.
     */
    public Map<Long, Long> ordersOfReports(Collection<UUID> persons) {
        var orders = new HashMap<Long, Long>();
        for (var person : Set.copyOf(persons))
            for (var loop : orders(person)) {
                for (var report : loop.reports())
                    orders.putIfAbsent(report.series(), loop.order().id());
                for (var child : loop.children())
                    orders.putIfAbsent(child.series(), loop.order().id());
            }
        return orders;
    }

    /**
     * What fillers state of orders that others placed, by id, with the order by id that it is
     * about.
     */
    public Map<Long, Long> answered(Collection<UUID> persons) {
        var answered = new HashMap<Long, Long>();
        for (var person : Set.copyOf(persons))
            for (var loop : orders(person)) {
                if (OrderLoops.isOfFiller(loop.order())) continue;
                for (var other : loop.others())
                    if (OrderLoops.isOfFiller(other)) answered.put(other.id(), loop.order().id());
            }
        return answered;
    }

    private Stream<OrderLoop> loops(UUID person) {
        return orders(person).stream();
    }

    /**
     * @param orders all of their patients
     */
    private Stream<OrderLoop> loops(List<PlacedOrderView> orders) {
        var persons = persons(orders);
        var reports = new HashMap<UUID, List<OrderedReport>>();
        var rows =
                jdbc.sql(
                                ORDERED_REPORTS
                                        + "where p.person_id = any(:persons) order by r.series"
                                        + " limit :limit")
                        .param("persons", persons.toArray(UUID[]::new))
                        .param("limit", MAX_REPORTS)
                        .query(
                                (row, _) -> {
                                    reports.computeIfAbsent(
                                                    row.getObject("person_id", UUID.class),
                                                    _ -> new ArrayList<>())
                                            .add(orderedReport(row));
                                    return true;
                                })
                        .list();
        boolean cut = persons.size() > 1 && rows.size() == MAX_REPORTS;
        var byPerson = orders.stream().collect(Collectors.groupingBy(PlacedOrderView::personId));
        return persons.stream()
                .flatMap(
                        person ->
                                OrderLoops.of(
                                        byPerson.getOrDefault(person, List.of()),
                                        cut
                                                ? reports(person)
                                                : reports.getOrDefault(person, List.of()))
                                        .stream());
    }

    private static List<UUID> persons(List<PlacedOrderView> orders) {
        return orders.stream().map(PlacedOrderView::personId).distinct().toList();
    }

    private List<OrderedReport> reports(UUID person) {
        return jdbc.sql(
                        ORDERED_REPORTS
                                + "where p.person_id = :person order by r.series limit :limit")
                .param("person", person)
                .param("limit", MAX_REPORTS)
                .query((row, _) -> orderedReport(row))
                .list();
    }

    static OrderedReport orderedReport(ResultSet row) throws SQLException {
        return new OrderedReport(
                row.getLong("series"),
                row.getString("partner"),
                row.getString("number"),
                row.getString("placer_number"),
                tests(row),
                row.getString("status"),
                row.getBoolean("pending"),
                row.getBoolean("valued"),
                row.getBoolean("done"),
                Objects.requireNonNullElse(row.getString("why"), ""),
                new Parent(
                        row.getString("parent_number"),
                        row.getString("parent_test"),
                        row.getString("action")));
    }

    private static List<CodingView> tests(ResultSet row) throws SQLException {
        var tests = new ArrayList<CodingView>(2);
        tests.add(Registrations.coding(row));
        var code = row.getString("other_code");
        var text = row.getString("other_text");
        if (code != null || text != null)
            tests.add(new CodingView(code == null ? "" : code, text == null ? "" : text, ""));
        return tests;
    }

    /** Orders of medication, the last ordered first. */
    public Page<MedicationOrderView> medication(
            Registrations.Search search, int offset, int limit) {
        return registrations.page(
                "medication_order",
                LaterWord.OF_MEDICATION,
                search,
                "coalesce(i.ordered_at, i.listed_message) desc nulls last, i.id",
                offset,
                limit,
                (row, _) -> medicationOrder(row));
    }

    /**
     * The orders of medication that a partner placed by a number.
     *
     * @param number ORC-2, with {@code ^} and its namespace where it has one
     */
    public List<MedicationOrderView> medicationNumbered(String partner, String number) {
        return jdbc.sql(
                        """
                        select i.*, p.person_id%s
                        from medication_order i
                        join patient_record p on p.id = i.record_id
                        where i.placer_number = :number and i.placer_number <> ''
                          and i.partner = :partner and p.edition = 0
                        order by i.id
                        """
                                .formatted(LaterWord.OF_MEDICATION))
                .param("number", number)
                .param("partner", partner)
                .query((row, _) -> medicationOrder(row))
                .list();
    }

    private static MedicationOrderView medicationOrder(ResultSet row) throws SQLException {
        var stands = LaterWord.of(row);
        return new MedicationOrderView(
                row.getLong("id"),
                row.getObject("person_id", UUID.class),
                row.getString("status").equals("active"),
                Registrations.coding(row),
                row.getString("placer_number"),
                row.getString("filler_number"),
                stands.state(),
                stands.control(),
                stands.stateAsSent(),
                row.getString("dose"),
                row.getString("form"),
                row.getString("route"),
                row.getString("site"),
                row.getString("frequency"),
                row.getString("instructions"),
                row.getString("quantity"),
                row.getString("refills"),
                ChartRows.maybeInstant(row, "starts_at"),
                row.getString("starts_as_sent"),
                ChartRows.maybeInstant(row, "ends_at"),
                row.getString("ends_as_sent"),
                ChartRows.maybeInstant(row, "ordered_at"),
                row.getString("ordered_as_sent"),
                row.getString("clinician"),
                row.getString("reason"),
                row.getString("details"),
                Supporting.of(row.getString("supporting")),
                stands.source());
    }

    /** A patient's referrals with their answers, the last stated first. */
    public List<ReferralLoop> referrals(UUID person) {
        var referrals = allReferrals(person);
        if (referrals.isEmpty()) return List.of();
        var orders =
                registrations
                        .orders(Registrations.Search.of(person), 0, Registrations.MAX_ITEMS)
                        .items();
        return ReferralLoops.of(referrals, ReferralStatuses.of(orders, referrals).statuses());
    }

    private List<ReferralView> allReferrals(UUID person) {
        return referrals(Registrations.Search.of(person), 0, Registrations.MAX_ITEMS).items();
    }

    /** Referrals and their answers, each sender's own, the last stated first. */
    public Page<ReferralView> referrals(Registrations.Search search, int offset, int limit) {
        return registrations.page(
                "referral",
                "",
                search,
                "coalesce(i.starts_at, i.listed_message) desc nulls last, i.id",
                offset,
                limit,
                (row, _) -> referral(row));
    }

    static ReferralView referral(ResultSet row) throws SQLException {
        return new ReferralView(
                row.getLong("id"),
                row.getObject("person_id", UUID.class),
                row.getString("status").equals("active"),
                row.getString("number"),
                row.getString("external_number"),
                row.getString("state"),
                row.getString("state_as_sent"),
                row.getString("priority"),
                row.getString("type"),
                row.getString("category"),
                Registrations.coding(row),
                row.getString("starts_as_sent"),
                row.getString("ends_as_sent"),
                row.getString("reason"),
                row.getString("clinician"),
                row.getString("referred_to"),
                row.getString("details"),
                Supporting.of(row.getString("supporting")),
                Registrations.source(row));
    }

    /** Documents, the latest first, those that were replaced among them. */
    public Page<ClinicalDocumentView> documents(
            Registrations.Search search, int offset, int limit) {
        return registrations.page(
                "clinical_document",
                DOCUMENT_COLUMNS,
                search,
                "coalesce(i.activity_at, i.listed_message) desc nulls last, i.id",
                offset,
                limit,
                (row, _) -> document(row));
    }

    private static ClinicalDocumentView document(ResultSet row) throws SQLException {
        var replacedBy = row.getString("replaced_by");
        var replacement =
                replacedBy == null ? "" : replacedBy.substring(replacedBy.indexOf(' ') + 1);
        boolean stands = row.getBoolean("stands");
        return new ClinicalDocumentView(
                row.getLong("id"),
                row.getObject("person_id", UUID.class),
                stands,
                row.getString("number"),
                row.getString("parent_number"),
                row.getString("relation"),
                Registrations.coding(row),
                row.getString("title"),
                row.getString("completion"),
                row.getString("confidentiality"),
                row.getString("availability"),
                ChartRows.maybeInstant(row, "activity_at"),
                row.getString("activity_as_sent"),
                row.getString("clinician"),
                row.getString("authenticator"),
                replacement,
                replacedBy != null && !replacedBy.startsWith("active "),
                row.getLong("parent_id"),
                DocumentPart.of(stands ? row.getString("files") : ""),
                row.getInt("versions"),
                Supporting.of(row.getString("supporting")),
                Registrations.source(row));
    }

    /**
     * The bytes of a file of a document.
     *
     * @param part from 1, in the order of the document
     * @return empty when there is none, or when the document was cancelled
     */
    public Optional<DocumentContent> content(long document, int part) {
        return documents(Registrations.Search.of(document), 0, 1).items().stream()
                .filter(ClinicalDocumentView::active)
                .flatMap(view -> view.parts().stream().skip(part - 1L).limit(1))
                .flatMap(one -> contents(List.of(one)).stream())
                .findFirst();
    }

    /** The text of a document, cut to what a page shows; empty when it has none. */
    public String text(ClinicalDocumentView document) {
        var texts = document.parts().stream().filter(DocumentPart::isText).toList();
        var all = new StringBuilder();
        for (var content : contents(texts))
            all.append(new String(content.content(), java.nio.charset.StandardCharsets.UTF_8));
        return all.length() <= MAX_TEXT_CHARACTERS
                ? all.toString()
                : all.substring(0, MAX_TEXT_CHARACTERS) + "…";
    }

    private List<DocumentContent> contents(List<DocumentPart> parts) {
        return parts.stream()
                .flatMap(
                        part ->
                                jdbc
                                        .sql(
                                                "select media_type, content from document_content"
                                                        + " where hash = :hash")
                                        .param("hash", HexFormat.of().parseHex(part.hash()))
                                        .query(
                                                (row, _) ->
                                                        new DocumentContent(
                                                                part.hash(),
                                                                row.getString("media_type"),
                                                                row.getBytes("content")))
                                        .list()
                                        .stream())
                .toList();
    }
}
