package org.chartbridge.mapping;

import static org.chartbridge.chart.DemographicField.ADDRESS_LINE;
import static org.chartbridge.chart.DemographicField.CITY;
import static org.chartbridge.chart.DemographicField.COUNTRY;
import static org.chartbridge.chart.DemographicField.DEATH_TIME;
import static org.chartbridge.chart.DemographicField.DECEASED;
import static org.chartbridge.chart.DemographicField.MULTIPLE_BIRTH;
import static org.chartbridge.chart.DemographicField.PHONE;
import static org.chartbridge.chart.DemographicField.POSTAL_CODE;
import static org.chartbridge.chart.DemographicField.STATE;
import static org.chartbridge.chart.DemographicField.STREET;
import static org.chartbridge.chart.DemographicField.WORK_PHONE;

import org.chartbridge.chart.DemographicField;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.QueryReads.OpenOrder;
import org.chartbridge.chart.QueryReads.ToDo;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.chart.RecordView;
import org.chartbridge.hl7.SegmentText;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the chart knows, as the segments of a response to a query. */
public final class QueryRows {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmssxx", Locale.ROOT);

    private QueryRows() {}

    /**
     * PID of a patient.
     *
     * @param ordinal PID-1
     * @param domains authorities in lower case whose numbers are wanted; empty for all
     */
    public static SegmentText person(PersonView person, int ordinal, Set<String> domains) {
        var main = person.main();
        var row = new SegmentText("PID").put(1, Integer.toString(ordinal));
        numbers(row, person, domains);
        row.put(5, 1, main.familyName())
                .put(5, 2, main.givenName())
                .put(5, 3, main.middleName())
                .put(5, 4, main.nameSuffix())
                .put(7, main.birthDate().replace("-", ""))
                .put(8, main.sex());
        put(row, 11, 1, main, STREET);
        put(row, 11, 2, main, ADDRESS_LINE);
        put(row, 11, 3, main, CITY);
        put(row, 11, 4, main, STATE);
        put(row, 11, 5, main, POSTAL_CODE);
        put(row, 11, 6, main, COUNTRY);
        put(row, 13, 1, main, PHONE);
        put(row, 14, 1, main, WORK_PHONE);
        put(row, 24, 1, main, MULTIPLE_BIRTH);
        put(row, 29, 1, main, DEATH_TIME);
        put(row, 30, 1, main, DECEASED);
        return row;
    }

    private static void put(
            SegmentText row, int field, int component, RecordView record, DemographicField its) {
        row.put(field, component, record.text(its));
    }

    /**
     * PID with the numbers of a patient and nothing else; PID-5 says, as HL7 and IHE want it, that
     * no name is meant (ITI TF-2 §3.9).
     */
    public static SegmentText numbers(PersonView person, Set<String> domains) {
        var row = new SegmentText("PID");
        numbers(row, person, domains);
        return row.put(5, 2, 7, 1, "S");
    }

    private static void numbers(SegmentText row, PersonView person, Set<String> domains) {
        int repetition = 0;
        for (var record : person.records()) {
            if (record.isUnidentified()) continue;
            if (!domains.isEmpty()
                    && !domains.contains(record.authority().toLowerCase(Locale.ROOT))) continue;
            number(
                    row,
                    ++repetition,
                    new RecordKey(record.authority(), record.idType(), record.idValue()));
        }
    }

    private static void number(SegmentText row, int repetition, RecordKey number) {
        row.put(3, repetition, 1, 1, number.value());
        // A universal id is of digits and dots; its type is then ISO (table 0301).
        boolean universal = number.authority().matches("[0-9]+(\\.[0-9]+)+");
        row.put(3, repetition, 4, universal ? 2 : 1, number.authority());
        if (universal) row.put(3, repetition, 4, 3, "ISO");
        row.put(3, repetition, 5, 1, number.type());
    }

    /** PID with numbers that are nobody's yet. */
    public static SegmentText numbers(List<RecordKey> numbers) {
        var row = new SegmentText("PID");
        for (int i = 0; i < numbers.size(); i++) number(row, i + 1, numbers.get(i));
        return row.put(5, 2, 7, 1, "S");
    }

    /**
     * The open orders of a patient: PID, and each specimen with its orders as an OML^O33 has them.
     *
     * @param ordinal PID-1
     * @param zone in which times are written
     */
    public static List<SegmentText> orders(ToDo work, int ordinal, ZoneId zone) {
        var rows = new ArrayList<SegmentText>();
        rows.add(person(work.person(), ordinal, Set.of()));
        var bySpecimen = new LinkedHashMap<String, List<OpenOrder>>();
        for (var order : work.orders())
            bySpecimen
                    .computeIfAbsent(
                            order.specimenNumbers() + '\n' + order.order().specimen(),
                            _ -> new ArrayList<>())
                    .add(order);
        int specimen = 0;
        int number = 0;
        for (var orders : bySpecimen.values()) {
            var first = orders.getFirst();
            if (!first.specimenNumbers().isEmpty() || !first.order().specimen().isEmpty())
                rows.add(
                        new SegmentText("SPM")
                                .put(1, Integer.toString(++specimen))
                                .put(2, first.specimenNumbers().split("~", -1)[0])
                                .put(4, 2, first.order().specimen()));
            for (var one : orders) order(one, ++number, zone, rows);
        }
        return rows;
    }

    private static void order(OpenOrder open, int number, ZoneId zone, List<SegmentText> rows) {
        var order = open.order();
        var control = new SegmentText("ORC").put(1, "NW");
        entity(control, 2, order.placerNumber());
        entity(control, 3, order.fillerNumber());
        entity(control, 4, order.groupNumber());
        control.put(9, time(order.ordered(), order.orderedAsSent(), zone));
        rows.add(control);
        if (!order.priority().isEmpty())
            rows.add(new SegmentText("TQ1").put(1, "1").put(9, order.priority()));
        var request = new SegmentText("OBR").put(1, Integer.toString(number));
        entity(request, 2, order.placerNumber());
        entity(request, 3, order.fillerNumber());
        rows.add(
                request.put(4, 1, order.service().code())
                        .put(4, 2, order.service().text())
                        .put(4, 3, order.service().system())
                        .put(7, time(order.collected(), order.collectedAsSent(), zone))
                        .put(13, order.reason()));
    }

    /** An order's number as it is kept: entity, and its namespace behind ^. */
    private static void entity(SegmentText row, int field, String number) {
        int end = number.indexOf('^');
        row.put(field, 1, end < 0 ? number : number.substring(0, end));
        if (end >= 0) row.put(field, 2, number.substring(end + 1));
    }

    /** With its offset; a day stays a day, and what is no time stays as it was sent. */
    private static String time(@Nullable Instant at, String asSent, ZoneId zone) {
        return at == null || asSent.length() <= 8 ? asSent : TIME.format(at.atZone(zone));
    }
}
