package org.chartbridge.intake;

import org.chartbridge.chart.PersonQuery;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.QueryReads;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.QueryResponse;
import org.chartbridge.hl7.QueryResponse.Status;
import org.chartbridge.hl7.SegmentText;
import org.chartbridge.mapping.Query;
import org.chartbridge.mapping.Query.Asked;
import org.chartbridge.mapping.QueryReader;
import org.chartbridge.mapping.QueryRows;
import org.chartbridge.partner.Partner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Answers queries from one picture of the chart: in a read-only transaction of their own, before
 * and outside the commit that keeps query and answer in the journal.
 */
@Component
class ChartAnswers implements Answers {
    private static final Logger log = LoggerFactory.getLogger(ChartAnswers.class);

    private final QueryReads chart;

    ChartAnswers(QueryReads chart) {
        this.chart = chart;
    }

    @Override
    public Prepared answer(Message query, Partner partner) {
        var asked = QueryReader.read(query);
        var its = new Answering(chart, query, asked, partner);
        if (!partner.charts(query.header().processingId()))
            return its.refused(
                    AckCode.AR,
                    Fault.error(
                            Location.of("MSH", 1).field(11),
                            ErrorCode.UNSUPPORTED_PROCESSING,
                            "test-message",
                            "MSH-11 is not P: a test asks nothing of patients' charts."));
        if (asked.query() instanceof Query.Wrong(var code, var faults))
            return its.refused(code, faults);
        try {
            return chart.fromOnePicture(its::answer);
        } catch (RuntimeException e) {
            // The text may hold what was asked for.
            log.atWarn()
                    .addKeyValue("partner", partner.folder())
                    .addKeyValue("exception", e.getClass().getName())
                    .log("a query could not be answered");
            return its.refused(
                    AckCode.AR,
                    Fault.error(
                            null,
                            ErrorCode.INTERNAL,
                            "query-failed",
                            "The chart can't be read now; ask again later."));
        }
    }

    /** One query. */
    private record Answering(QueryReads chart, Message query, Asked asked, Partner partner) {

        Prepared answer() {
            return switch (asked.query()) {
                case Query.People people -> people(people);
                case Query.Numbers numbers -> numbers(numbers);
                case Query.Orders orders -> orders(orders);
                case Query.Wrong(var code, var faults) -> refused(code, faults);
            };
        }

        private Prepared people(Query.People people) {
            var unknown = unknown(people.field(), people.domains());
            if (!unknown.isEmpty()) return refused(AckCode.AE, unknown);
            var names = names(people.domains());
            var found = chart.persons(people.criteria(), asked.offset(), asked.limit());
            var rows = new ArrayList<SegmentText>();
            int ordinal = asked.offset();
            for (var person : found.items()) rows.add(QueryRows.person(person, ++ordinal, names));
            return found((int) found.total(), rows, found.items().size(), List.of());
        }

        private Prepared numbers(Query.Numbers numbers) {
            var unknown = unknown(4, numbers.domains());
            if (!unknown.isEmpty()) return refused(AckCode.AE, unknown);
            var place = Location.of("QPD", 1).field(3).repetition(1);
            if (!chart.isKnown(numbers.number().authorities()))
                return refused(
                        AckCode.AE,
                        Fault.error(
                                place.component(4),
                                ErrorCode.UNKNOWN_KEY,
                                "query-domain-unknown",
                                "No number in the chart is of this authority."));
            var found = chart.persons(PersonQuery.ofNumbers(List.of(numbers.number())), 0, 2);
            if (found.total() != 1)
                return refused(
                        AckCode.AE,
                        Fault.error(
                                place.component(1),
                                ErrorCode.UNKNOWN_KEY,
                                "query-number-unknown",
                                found.total() == 0
                                        ? "The number is nobody's."
                                        : "The number was given to more than one patient."));
            var others = others(found.items().getFirst(), numbers);
            var rows =
                    others.isEmpty()
                            ? List.<SegmentText>of()
                            : List.of(
                                    QueryRows.numbers(
                                            new PersonView(found.items().getFirst().id(), others),
                                            Set.of()));
            return found(rows.size(), rows, rows.size(), List.of());
        }

        /** In whatever letters it is written, as where patients are matched. */
        private static boolean isOneOf(String authority, Set<String> some) {
            return some.stream().anyMatch(authority::equalsIgnoreCase);
        }

        /** Without the number that was asked by. */
        private static List<org.chartbridge.chart.RecordView> others(
                PersonView person, Query.Numbers numbers) {
            var wanted = names(numbers.domains());
            return person.records().stream()
                    .filter(record -> !record.isUnidentified())
                    .filter(
                            record ->
                                    !(record.idValue().equals(numbers.number().value())
                                            && isOneOf(
                                                    record.authority(),
                                                    numbers.number().authorities())))
                    .filter(record -> wanted.isEmpty() || isOneOf(record.authority(), wanted))
                    .toList();
        }

        private Prepared orders(Query.Orders orders) {
            var work =
                    !orders.numbers().isEmpty()
                            ? chart.ordersOfNumbers(orders.numbers())
                            : !orders.patients().isEmpty()
                                    ? chart.ordersOfPatients(
                                            PersonQuery.ofNumbers(orders.patients()))
                                    : chart.orders();
            int hits = work.patients().stream().mapToInt(one -> one.orders().size()).sum();
            var rows = new ArrayList<SegmentText>();
            int seen = 0;
            int records = 0;
            int ordinal = 0;
            for (var patient : work.patients()) {
                int from = Math.max(0, Math.min(patient.orders().size(), asked.offset() - seen));
                int to = Math.min(patient.orders().size(), from + asked.limit() - records);
                seen += patient.orders().size();
                if (from >= to) continue;
                records += to - from;
                rows.addAll(
                        QueryRows.orders(
                                new QueryReads.ToDo(
                                        patient.person(), patient.orders().subList(from, to)),
                                ++ordinal,
                                partner.zone()));
            }
            var told =
                    work.all()
                            ? List.<Fault>of()
                            : List.of(
                                    Fault.warning(
                                            null,
                                            ErrorCode.ACCEPTED,
                                            "query-rows-left-out",
                                            "Orders of more than "
                                                    + QueryReads.MAX_PATIENTS
                                                    + " patients are open; these are the oldest."
                                                    + " Ask by specimen or patient."));
            return found(hits, rows, records, told);
        }

        // -------------------------------------------------------- answers

        private List<Fault> unknown(int field, List<Query.Domain> domains) {
            var faults = new ArrayList<Fault>();
            for (var domain : domains)
                if (!chart.isKnown(domain.names()))
                    faults.add(
                            Fault.error(
                                    Location.of("QPD", 1)
                                            .field(field)
                                            .repetition(domain.repetition()),
                                    ErrorCode.UNKNOWN_KEY,
                                    "query-domain-unknown",
                                    "No number in the chart is of this authority."));
            return faults;
        }

        private static Set<String> names(List<Query.Domain> domains) {
            var names = new LinkedHashSet<String>();
            domains.forEach(domain -> names.addAll(domain.names()));
            return names;
        }

        private Prepared found(int hits, List<SegmentText> rows, int records, List<Fault> told) {
            int next = asked.offset() + records;
            return new Prepared.Answered(
                    new QueryResponse(
                            query,
                            asked.trigger(),
                            asked.structure(),
                            AckCode.AA,
                            records == 0 ? Status.NF : Status.OK,
                            told,
                            hits,
                            rows,
                            records,
                            asked.offset(),
                            records > 0 && next < hits ? QueryReader.continuation(next) : ""),
                    List.of());
        }

        Prepared refused(AckCode code, Fault fault) {
            return refused(code, List.of(fault));
        }

        Prepared refused(AckCode code, List<Fault> faults) {
            return new Prepared.Answered(
                    new QueryResponse(
                            query,
                            asked.trigger(),
                            asked.structure(),
                            code,
                            code == AckCode.AR ? Status.AR : Status.AE,
                            faults,
                            -1,
                            List.of(),
                            0,
                            0,
                            ""),
                    List.of());
        }
    }
}
