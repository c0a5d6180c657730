package org.chartbridge.intake;

import org.chartbridge.chart.NewNumbers;
import org.chartbridge.chart.PersonQuery;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.QueryReads;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.chart.RecordView;
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
import java.util.Locale;
import java.util.Set;

/**
 * Answers queries from one picture of the chart: in a read-only transaction of their own, before
 * and outside the commit that keeps query and answer in the journal. New numbers are given in a
 * transaction of their own as well, which ends before anybody is answered (decision 0069).
 */
@Component
class ChartAnswers implements Answers {
    private static final Logger log = LoggerFactory.getLogger(ChartAnswers.class);

    private static final String NOT_GIVEN = "number-not-given";

    private final QueryReads chart;
    private final NewNumbers newNumbers;

    ChartAnswers(QueryReads chart, NewNumbers newNumbers) {
        this.chart = chart;
        this.newNumbers = newNumbers;
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
            return asked.query() instanceof Query.Allocation allocation
                    ? its.allocated(allocation, newNumbers)
                    : chart.fromOnePicture(its::answer);
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
                            "The database can't be asked now; ask again later."));
        }
    }

    /** One query. */
    private record Answering(QueryReads chart, Message query, Asked asked, Partner partner) {

        Prepared answer() {
            return switch (asked.query()) {
                case Query.One one -> one(one);
                case Query.People people -> people(people);
                case Query.Numbers numbers -> numbers(numbers);
                case Query.Orders orders -> orders(orders);
                case Query.Wrong(var code, var faults) -> refused(code, faults);
                case Query.Allocation _ ->
                        throw new IllegalStateException("numbers are not read but given");
            };
        }

        /** Q21: an authority that is unknown is said, a number that is nobody's finds nobody. */
        private Prepared one(Query.One one) {
            var unknown = new ArrayList<Fault>();
            if (!one.number().authorities().isEmpty() && !chart.isKnown(one.number().authorities()))
                unknown.add(domainUnknown(number().component(4)));
            unknown.addAll(unknown(4, one.domains()));
            if (!unknown.isEmpty()) return refused(AckCode.AE, unknown);
            var names = names(one.domains());
            return people(
                    PersonQuery.ofNumbers(List.of(one.number())).havingNumbersOf(names), names);
        }

        private Prepared people(Query.People people) {
            var unknown = unknown(8, people.domains());
            if (!unknown.isEmpty()) return refused(AckCode.AE, unknown);
            return people(people.criteria(), names(people.domains()));
        }

        private Prepared people(PersonQuery criteria, Set<String> names) {
            var found = chart.persons(criteria, asked.offset(), asked.limit());
            var rows = new ArrayList<SegmentText>();
            int ordinal = asked.offset();
            for (var person : found.items()) rows.add(QueryRows.person(person, ++ordinal, names));
            return found((int) found.total(), rows, found.items().size(), List.of());
        }

        private Prepared numbers(Query.Numbers numbers) {
            var unknown = unknown(4, numbers.domains());
            if (!unknown.isEmpty()) return refused(AckCode.AE, unknown);
            var place = number();
            if (!chart.isKnown(numbers.number().authorities()))
                return refused(AckCode.AE, domainUnknown(place.component(4)));
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

        /** Without the number that was asked by. */
        private static List<RecordView> others(PersonView person, Query.Numbers numbers) {
            var wanted = names(numbers.domains());
            return person.records().stream()
                    .filter(record -> !record.isUnidentified())
                    .filter(
                            record ->
                                    !(record.idValue().equals(numbers.number().value())
                                            && hasAuthority(record, numbers.number())))
                    .filter(
                            record ->
                                    wanted.isEmpty()
                                            || wanted.contains(
                                                    record.authority().toLowerCase(Locale.ROOT)))
                    .toList();
        }

        private static boolean hasAuthority(RecordView record, PersonQuery.Identifier number) {
            return number.authorities().stream()
                    .anyMatch(name -> name.equalsIgnoreCase(record.authority()));
        }

        /** Q24: a number of each authority, or none at all. */
        Prepared allocated(Query.Allocation allocation, NewNumbers newNumbers) {
            var ranges = new ArrayList<Partner.NumberRange>();
            var faults = new ArrayList<Fault>();
            for (int i = 0; i < allocation.domains().size(); i++) {
                var domain = allocation.domains().get(i);
                var type = allocation.types().get(i);
                partner.givesNumbers().stream()
                        .filter(range -> isOf(range, domain, type))
                        .findFirst()
                        .ifPresentOrElse(ranges::add, () -> faults.add(notGiven(domain)));
            }
            if (!faults.isEmpty()) return refused(AckCode.AE, faults);
            var given =
                    newNumbers.give(
                            new NewNumbers.Asker(
                                    partner.folder(), query.header().controlId(), query.raw()),
                            ranges.stream().map(Answering::range).toList());
            for (int i = 0; i < given.size(); i++)
                if (given.get(i).isEmpty())
                    faults.add(
                            Fault.error(
                                    number(allocation.domains().get(i)),
                                    ErrorCode.INTERNAL,
                                    NOT_GIVEN,
                                    "All numbers of the range are given. Write a new range under"
                                            + " gives-numbers in partner.yaml."));
            if (!faults.isEmpty()) return refused(AckCode.AR, faults);
            var numbers = new ArrayList<RecordKey>();
            for (int i = 0; i < given.size(); i++)
                numbers.add(
                        new RecordKey(
                                ranges.get(i).authority(),
                                ranges.get(i).type(),
                                given.get(i).orElseThrow()));
            return found(1, List.of(QueryRows.numbers(numbers)), 1, List.of());
        }

        private static boolean isOf(Partner.NumberRange range, Query.Domain domain, String type) {
            if (!type.isEmpty() && !type.equalsIgnoreCase(range.type())) return false;
            // A second name that says otherwise is another authority's.
            return domain.names().stream()
                            .anyMatch(
                                    name ->
                                            name.equalsIgnoreCase(range.authority())
                                                    || name.equalsIgnoreCase(range.universalId()))
                    && (range.universalId().isEmpty()
                            || domain.names().stream()
                                    .allMatch(
                                            name ->
                                                    name.equalsIgnoreCase(range.authority())
                                                            || name.equalsIgnoreCase(
                                                                    range.universalId())));
        }

        private Fault notGiven(Query.Domain domain) {
            return Fault.error(
                    number(domain),
                    ErrorCode.UNKNOWN_KEY,
                    NOT_GIVEN,
                    "No numbers of this authority are given to "
                            + partner.folder()
                            + ". Where they are to be, name the authority and a range under"
                            + " gives-numbers in its partner.yaml.");
        }

        private static NewNumbers.Range range(Partner.NumberRange range) {
            return new NewNumbers.Range(
                    range.authority(), range.from(), range.to(), range.digits());
        }

        private static Location number() {
            return Location.of("QPD", 1).field(3).repetition(1);
        }

        private static Location number(Query.Domain domain) {
            return Location.of("QPD", 1).field(3).repetition(domain.repetition());
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
                            domainUnknown(
                                    Location.of("QPD", 1)
                                            .field(field)
                                            .repetition(domain.repetition())));
            return faults;
        }

        private static Fault domainUnknown(Location place) {
            return Fault.error(
                    place,
                    ErrorCode.UNKNOWN_KEY,
                    "query-domain-unknown",
                    "No number in the chart is of this authority.");
        }

        /** In lower case: an authority in other letters is the same one. */
        private static Set<String> names(List<Query.Domain> domains) {
            var names = new LinkedHashSet<String>();
            for (var domain : domains)
                for (var name : domain.names()) names.add(name.toLowerCase(Locale.ROOT));
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
