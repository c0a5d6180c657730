package org.chartbridge.mapping;

import org.chartbridge.chart.ClinicalTime;
import org.chartbridge.chart.Concept;
import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.NoteStatement;
import org.chartbridge.chart.ObservationStatement;
import org.chartbridge.chart.Parent;
import org.chartbridge.chart.ProviderName;
import org.chartbridge.chart.ReportStatement;
import org.chartbridge.chart.RequestField;
import org.chartbridge.chart.Said;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads reports: what each OBR says, with its ORC where the OBR is silent; long because the rules
 * of numbers and of missing ones belong together.
 *
 * <p><b>Numbers.</b> An order number is the entity identifier (EI.1), with {@code ^} and the
 * namespace (EI.2, else EI.3) when one is sent: two systems may use the same number. A report is
 * identified by OBR-3, else ORC-3, else OBR-2, else ORC-2, else {@code @} and the collection time.
 *
 * <p><b>One report, several OBR.</b> OBR of one message with the same number and OBR-4 are one
 * report, as they would be in two messages.
 *
 * <p><b>ORC.</b> It speaks for the OBR behind it, and for later ones that have no numbers of their
 * own or the same (HL7-RULES §5); never for one whose numbers are others.
 */
final class ReportReader {

    /**
     * What one OBR says, before its values are read.
     *
     * @param number empty when there is none, which is then a fault
     * @param requested OBR-7; of OBX without an OBR the time that they are found by
     * @param collected the same, else SPM-17, else the first OBX-14
     * @param parentSubId OBR-26.2, the OBX-4 of the result that this report goes deeper into
     * @param parentValue OBR-26.3, what that result was called; its name where it has one
     */
    record Head(
            Grouping.Report group,
            String number,
            String placerNumber,
            String fillerNumber,
            Concept service,
            String status,
            ClinicalTime requested,
            ClinicalTime collected,
            Said said,
            @Nullable ProviderName orderingProvider,
            @Nullable ProviderName interpreter,
            List<NoteStatement> notes,
            Parent parent,
            Map<RequestField, FieldValue> request,
            String parentSubId,
            String parentValue) {}

    /** Stands for OBR-4 where there is no OBR, or one of a monitor. */
    static final Concept WITHOUT_REQUEST = Concept.of("", ReportStatement.WITHOUT_ORDER, "");

    private record Report(String number, String service, String system) {}

    private final Reader reader;
    private final ObservationReader observations;
    private final RequestReader requests;

    /**
     * Times of the OBR without number and code: a second one of a time could be the first again.
     */
    private final Set<String> ofMonitors = new HashSet<>(0);

    ReportReader(Reader reader) {
        this.reader = reader;
        this.observations = new ObservationReader(reader);
        this.requests = new RequestReader(reader);
    }

    /** One statement a report; to be used only when no errors were found. */
    List<ReportStatement> read(List<Grouping.Report> groups) {
        var reports = new LinkedHashMap<Report, List<Head>>();
        for (var group : groups) {
            var head = head(group);
            reports.computeIfAbsent(
                            new Report(
                                    head.number(), head.service().key(), head.service().system()),
                            _ -> new ArrayList<>(1))
                    .add(head);
        }
        var statements = new ArrayList<ReportStatement>(reports.size());
        for (var heads : reports.values()) {
            var values = observations.read(heads);
            if (!reader.findings.hasErrors()) statements.add(statement(heads, values));
        }
        return statements;
    }

    private ReportStatement statement(List<Head> heads, List<ObservationStatement> values) {
        var first = heads.getFirst();
        var last = heads.getLast();
        var notes = new ArrayList<NoteStatement>();
        var said = first.said();
        for (var head : heads) {
            notes.addAll(head.notes());
            var issued = head.said().possiblyIssued();
            var before = said.possiblyIssued();
            if (issued != null && (before == null || issued.isAfter(before))) said = head.said();
        }
        return new ReportStatement(
                first.group().line.location().toString(),
                first.number(),
                first.placerNumber(),
                first.fillerNumber(),
                first.service(),
                Reader.firstSaid(last.status(), first.status()),
                first.collected(),
                said,
                first.orderingProvider(),
                first.interpreter(),
                first.parent(),
                first.request(),
                reader.partner.results() == Partner.ResultsSent.SNAPSHOT,
                notes,
                values);
    }

    private Head head(Grouping.Report group) {
        return group.hasRequest() ? ofRequest(group) : withoutRequest(group);
    }

    /**
     * Of OBX that belong to no OBR: they are found again by the time of observation (OBX-14), else
     * of the message.
     */
    private Head withoutRequest(Grouping.Report group) {
        var observed = reader.time(group.line, 14);
        int mark = reader.mark();
        var time = Reader.firstSaid(observed.asSent(), reader.messageTimeAsSent());
        var number =
                reader.made(
                        Rule.REPORT_NUMBER_BY_TIME,
                        mark,
                        ReportStatement.BY_COLLECTION_TIME + time,
                        observed);
        ofMonitors.add(time);
        if (time.isEmpty())
            reader.findings.error(
                    reader.place(group.line, 14, 1, 1),
                    ErrorCode.REQUIRED_MISSING,
                    "order-number-missing",
                    "An OBX without an OBR needs the time of observation (OBX-14); without it a"
                            + " later correction can't find it.");
        return new Head(
                group,
                number,
                "",
                "",
                reader.made(Rule.NO_ORDER, reader.mark(), WITHOUT_REQUEST),
                "",
                observed,
                observed,
                reader.said(ClinicalTime.NOT_SENT),
                null,
                null,
                List.of(),
                Parent.NONE,
                Map.of(),
                "",
                "");
    }

    private Head ofRequest(Grouping.Report group) {
        var line = group.line;
        int mark = reader.mark();
        var ownPlacer = OrderNumbers.read(line, 2, reader);
        var ownFiller = OrderNumbers.read(line, 3, reader);
        var placer = ownPlacer;
        var filler = ownFiller;
        var numbers = reader.since(mark);
        int ofProvider = reader.mark();
        var provider = reader.provider(line, 16);
        var own = reader.since(ofProvider);

        @Nullable Line order = null;
        if (group.order != null) {
            int ofOrder = reader.mark();
            var orderPlacer = OrderNumbers.read(group.order, 2, reader);
            var orderFiller = OrderNumbers.read(group.order, 3, reader);
            if (speaksFor(group.firstOfOrder, ownPlacer, ownFiller, orderPlacer, orderFiller)) {
                order = group.order;
                placer =
                        reader.made(
                                Rule.ORDER_NUMBER_OR_ORC,
                                ofOrder,
                                Reader.firstSaid(ownPlacer, orderPlacer),
                                numbers);
                filler =
                        reader.made(
                                Rule.ORDER_NUMBER_OR_ORC,
                                ofOrder,
                                Reader.firstSaid(ownFiller, orderFiller),
                                numbers);
                if (provider == null) {
                    int behind = reader.mark();
                    if (reader.recorder != null && own != null) reader.recorder.again(own);
                    provider =
                            reader.maybe(
                                    Rule.ORDERING_PROVIDER,
                                    behind,
                                    reader.provider(group.order, 12));
                }
            }
        }

        var requested = reader.time(line, 7);
        var collected = requested.asSent().isEmpty() ? collected(group) : requested;
        var service = service(group, placer, filler, requested);
        return new Head(
                group,
                identity(line, placer, filler, requested),
                placer,
                filler,
                service,
                reader.made(
                        Rule.UPPER_CASE,
                        reader.mark(),
                        reader.text(line, 25, 1).toUpperCase(Locale.ROOT)),
                requested,
                collected,
                said(line, requested),
                provider,
                interpreter(line),
                Notes.read(group.notes, reader),
                parent(line),
                requests.read(group, order),
                reader.text(line, 26, 2),
                Reader.firstSaid(reader.text(line, 26, 1, 3, 2), reader.text(line, 26, 1, 3, 1)));
    }

    /** Later than any zone makes of a time that is right. */
    private static final Duration MAX_AHEAD = Duration.ofDays(1);

    /** What is only scheduled (table 0123) is collected when it will be. */
    private static final Set<String> SCHEDULED = Set.of("O", "S", "I");

    private Said said(Line line, ClinicalTime requested) {
        var issued = reader.time(line, 22);
        var said = reader.said(issued);
        if (said.isIssuedInFuture())
            reader.findings.warn(
                    reader.place(line, 22, 1, 1),
                    ErrorCode.DATA_TYPE,
                    "issued-in-future",
                    "OBR-22 lies more than a quarter of an hour after the message itself (MSH-7);"
                            + " what comes later is told by MSH-7, or by the moment at which it"
                            + " came.");
        var collected = requested.instant();
        var sent = said.message();
        if (collected != null
                && sent != null
                && said.claimed() == null
                && collected.isAfter(sent.plus(MAX_AHEAD))
                && !SCHEDULED.contains(reader.text(line, 25, 1).toUpperCase(Locale.ROOT)))
            reader.findings.warn(
                    reader.place(line, 7, 1, 1),
                    ErrorCode.DATA_TYPE,
                    "collected-in-future",
                    "OBR-7 lies more than a day after the message itself (MSH-7); it is shown as it"
                            + " was sent. Is the date right?");
        return said;
    }

    /** Where OBR-7 is empty: SPM-17, else the first OBX-14 that is sent. */
    private ClinicalTime collected(Grouping.Report group) {
        for (var specimen : group.specimens) {
            var time = reader.time(specimen, 17);
            if (time.instant() != null) return time;
        }
        for (var observation : group.observations) {
            var time = reader.time(observation.line, 14);
            if (time.instant() != null) return time;
        }
        return ClinicalTime.NOT_SENT;
    }

    /** OBR-29 is an EIP: the placer's number and the filler's, each with a namespace (EI). */
    private Parent parent(Line line) {
        var action =
                reader.made(
                        Rule.UPPER_CASE,
                        reader.mark(),
                        reader.text(line, 11, 1).toUpperCase(Locale.ROOT));
        var test = Reader.firstSaid(reader.text(line, 26, 1, 1, 2), reader.text(line, 26, 1, 1, 1));
        int mark = reader.mark();
        var filler = reader.text(line, 29, 1, 2, 1);
        int component = filler.isEmpty() ? 1 : 2;
        var entity = filler.isEmpty() ? reader.text(line, 29, 1, 1, 1) : filler;
        if (action.isEmpty() && test.isEmpty() && entity.isEmpty()) return Parent.NONE;
        var namespace = entity.isEmpty() ? "" : reader.text(line, 29, 1, component, 2);
        var number =
                reader.key(
                        line,
                        29,
                        1,
                        component,
                        namespace.isEmpty() ? entity : entity + "^" + namespace);
        return new Parent(reader.made(Rule.PARENT, mark, number), test, action);
    }

    /**
     * OBR-4. Monitors send an OBR that has a time and nothing else: its OBX are observations about
     * the patient at that time. With an order's number the code is wanted ⚠: by number and code a
     * correction finds what it corrects.
     */
    private Concept service(
            Grouping.Report group, String placer, String filler, ClinicalTime collected) {
        var line = group.line;
        var service = reader.concept(line, 4, 1);
        if (!service.isEmpty()) {
            reader.checkKey(line, 4, service);
            return service;
        }
        boolean ofMonitor =
                placer.isEmpty()
                        && filler.isEmpty()
                        && collected.instant() != null
                        && !group.observations.isEmpty()
                        && ofMonitors.add(collected.asSent());
        if (!ofMonitor) {
            reader.findings.error(
                    reader.place(line, 4, 1, 1),
                    ErrorCode.REQUIRED_MISSING,
                    "result-code-missing",
                    "OBR-4 must say what was ordered, by a code or a text.");
            return service;
        }
        reader.findings.warn(
                reader.place(line, 4, 1, 1),
                ErrorCode.REQUIRED_MISSING,
                "order-code-missing",
                "OBR-4 is empty, and there is no order's number: charted as observations without an"
                        + " order.");
        return reader.made(Rule.NO_ORDER, reader.mark(), WITHOUT_REQUEST);
    }

    private String identity(Line line, String placer, String filler, ClinicalTime collected) {
        var number = Reader.firstSaid(filler, placer);
        if (!number.isEmpty())
            return reader.made(Rule.REPORT_NUMBER, reader.mark(), number, number);
        if (collected.instant() != null)
            return reader.made(
                    Rule.REPORT_NUMBER_BY_TIME,
                    reader.mark(),
                    ReportStatement.BY_COLLECTION_TIME + collected.asSent(),
                    collected);
        reader.findings.error(
                reader.place(line, 3, 1, 1),
                ErrorCode.REQUIRED_MISSING,
                "order-number-missing",
                "OBR-3 (or ORC-3, OBR-2, ORC-2) must hold the order's number, or OBR-7 the time of"
                        + " collection; without both a later correction can't find this report.");
        return "";
    }

    private static boolean speaksFor(
            boolean first, String placer, String filler, String orderPlacer, String orderFiller) {
        if (differ(placer, orderPlacer) || differ(filler, orderFiller)) return false;
        return first
                || (placer.isEmpty() && filler.isEmpty())
                || (!placer.isEmpty() && !orderPlacer.isEmpty())
                || (!filler.isEmpty() && !orderFiller.isEmpty());
    }

    /** By their entity identifiers: one side often leaves out the namespace. */
    private static boolean differ(String one, String other) {
        return !one.isEmpty() && !other.isEmpty() && !entity(one).equals(entity(other));
    }

    private static String entity(String number) {
        int end = number.indexOf('^');
        return end < 0 ? number : number.substring(0, end);
    }

    /** OBR-32 (NDL): its first component is the person; many send an XCN instead. */
    private @Nullable ProviderName interpreter(Line line) {
        return reader.maybe(Rule.INTERPRETER, reader.mark(), sentInterpreter(line));
    }

    private @Nullable ProviderName sentInterpreter(Line line) {
        var second = reader.text(line, 32, 2);
        boolean isName = !second.isEmpty() && !Character.isDigit(second.charAt(0));
        var number = reader.text(line, 32, 1, 1, 1);
        var authority = isName ? reader.text(line, 32, 1, 9, 1) : reader.text(line, 32, 1, 1, 9);
        return reader.provider(
                Reader.firstSaid(authority, reader.partner.folder()),
                number,
                isName ? second : reader.text(line, 32, 1, 1, 2),
                isName ? reader.text(line, 32, 3) : reader.text(line, 32, 1, 1, 3));
    }
}
