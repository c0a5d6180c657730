package org.chartbridge.ordering;

import org.chartbridge.chart.AllergyView;
import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.ConditionView;
import org.chartbridge.chart.MedicationOrderView;
import org.chartbridge.chart.ObservationView;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Rewriting;
import org.chartbridge.hl7.Rewriting.Segment;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Writes what is taken of a chart into a REF^I12, where its structure has room (HL7 v2.5.1
 * §11.3.1); long because each kind has its own segments: problems in DG1, allergies in AL1, then an
 * OBR with its OBX for each report, for the medication and for the letters; a last NTE says what
 * was added. What the message says itself is not said twice. Pure, through the encoder.
 *
 * <p>⚠ Where the referral is an order (OMG^O19, decision 0062), DG1 below its OBR is a reason, so
 * problems are an OBX each below an OBR that says so; and every OBR that is added is an earlier
 * result (PRIOR_RESULT, ORC-1 RE), that nobody takes it for another order.
 *
 * <p>Medication has no segment of its own in a REF of 2.5.1 (RXO and RXE came with other
 * structures), so it is an OBX each below an OBR that says so, which receivers file as text at
 * worst (decision 0037).
 */
final class ReferralChart {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmssxx", Locale.ROOT);
    private static final CodingView MEDICATION =
            new CodingView("10160-0", "History of medication use", "LN");

    private static final CodingView PROBLEMS =
            new CodingView("11450-4", "Problem list - Reported", "LN");

    private final Rewriting text;
    private final boolean order;

    private ReferralChart(Rewriting text, boolean order) {
        this.text = text;
        this.order = order;
    }

    static byte[] added(Message message, ChartTaken chart) {
        var text = Rewriting.of(message);
        var made = new ReferralChart(text, !message.header().messageCode().equals("REF"));
        var said = made.said();
        var told = new ArrayList<String>();
        made.problems(chart.problems(), said, told);
        made.allergies(chart.allergies(), said, told);
        made.results(chart.reports(), said, told);
        made.medications(chart.medications(), told);
        made.letters(chart.letters(), told);
        told.addAll(chart.leftOut().stream().map(one -> "left out: " + one).toList());
        if (told.isEmpty()) told.add("nothing");
        var note = made.inserted("NTE", ReferralPlace.LAST);
        text.set(note, 1, 1, 0, 0, String.valueOf(made.numberOf(note)));
        text.set(
                note,
                3,
                1,
                0,
                0,
                "Added from the chart at "
                        + TIME.format(chart.at().atOffset(ZoneOffset.UTC))
                        + ": "
                        + String.join(", ", told));
        try {
            return text.bytes();
        } catch (Rewriting.NotWritten _) {
            // The chart has letters that the character set of the referral has not.
            text.useCharset("UNICODE UTF-8");
            return text.bytes();
        }
    }

    // ------------------------------------------------------------ where

    /** A new segment behind all that stand before it by the structure. */
    private Segment inserted(String name, ReferralPlace place) {
        var anchor = text.segments().getFirst();
        var at = ReferralPlace.HEAD;
        for (var segment : text.segments()) {
            at =
                    order
                            ? ReferralPlace.ofOrder(segment.name(), at)
                            : ReferralPlace.of(segment.name(), at);
            if (at.isAt(place, order)) anchor = segment;
        }
        text.insert(name, Set.of(anchor), false);
        return text.segments().get(text.segments().indexOf(anchor) + 1);
    }

    /** Of a note among those before it and, of a REF, beside results. */
    private int numberOf(Segment note) {
        if (!order) return count("NTE");
        return 1
                + (int)
                        text.segments().stream()
                                .takeWhile(one -> one != note)
                                .filter(one -> one.name().equals("NTE"))
                                .count();
    }

    private int count(String name) {
        return (int) text.segments().stream().filter(s -> s.name().equals(name)).count();
    }

    // ------------------------------------------------------------ what the message says itself

    /** Codes in DG1-3 and AL1-3, and numbers of reports in OBR-2 and OBR-3. */
    private Set<String> said() {
        var said = new HashSet<String>();
        for (var segment : text.segments())
            switch (segment.name()) {
                case "DG1", "AL1" ->
                        said.add(
                                key(
                                        segment.name(),
                                        new CodingView(
                                                text.value(segment, 3, 1, 1, 0),
                                                text.value(segment, 3, 1, 2, 0),
                                                "")));
                case "OBR" -> {
                    for (int field : new int[] {2, 3}) {
                        var number = text.value(segment, field, 1, 1, 0);
                        if (!number.isEmpty()) said.add("OBR " + number);
                    }
                }
                default -> {}
            }
        return said;
    }

    private static String key(String name, CodingView coding) {
        return name
                + " "
                + (coding.code().isEmpty() ? coding.text() : coding.code())
                        .toUpperCase(Locale.ROOT);
    }

    // ------------------------------------------------------------ what is added

    private void problems(List<ConditionView> problems, Set<String> said, List<String> told) {
        int added = 0;
        for (var one : problems) {
            if (!said.add(key("DG1", one.code()))) continue;
            added++;
            if (order) {
                listed(one, added);
                continue;
            }
            var segment = inserted("DG1", ReferralPlace.DIAGNOSIS);
            text.set(segment, 1, 1, 0, 0, String.valueOf(count("DG1")));
            coded(segment, 3, one.code());
            // A problem has no moment of diagnosis; DG1-6 must be said: W, working.
            text.set(segment, 6, 1, 0, 0, one.type().isEmpty() ? "W" : one.type());
        }
        tell(added, "problem", told);
    }

    private void listed(ConditionView one, int number) {
        if (number == 1) set(observed(PROBLEMS), 25, "F");
        var obx = inserted("OBX", ReferralPlace.OBSERVATION);
        set(obx, 1, String.valueOf(number));
        set(obx, 2, "CE");
        coded(obx, 3, PROBLEMS);
        set(obx, 4, String.valueOf(number));
        coded(obx, 5, one.code());
        set(obx, 11, "F");
    }

    private void allergies(List<AllergyView> allergies, Set<String> said, List<String> told) {
        int added = 0;
        for (var one : allergies) {
            if (!said.add(key("AL1", one.substance()))) continue;
            var segment = inserted("AL1", ReferralPlace.ALLERGY);
            text.set(segment, 1, 1, 0, 0, String.valueOf(count("AL1")));
            set(segment, 2, one.category());
            coded(segment, 3, one.substance());
            alternate(segment, 3, one.alternates());
            set(segment, 4, one.severity());
            set(segment, 5, one.reaction());
            added++;
        }
        tell(added, "allergy", told);
    }

    private void results(List<ChartTaken.Results> reports, Set<String> said, List<String> told) {
        int values = 0;
        for (var one : reports) {
            var report = one.report();
            if (said.contains("OBR " + entity(report.number()))
                    || said.contains("OBR " + entity(report.placerNumber()))) continue;
            var obr =
                    observed(new CodingView(report.code(), report.codeText(), report.codeSystem()));
            number(obr, 2, report.placerNumber());
            // A number that we made up of the time is no number of theirs.
            if (!report.number().startsWith("@")) number(obr, 3, report.number());
            set(obr, 7, time(report.collectedAt(), report.collectedAsSent()));
            set(obr, 22, time(report.issuedAt(), ""));
            set(obr, 25, report.status().isEmpty() ? "F" : report.status());
            for (var note : report.notes()) note(note.text());
            int number = 0;
            for (var value : one.values()) {
                value(value, ++number);
                values++;
            }
        }
        tell(values, "value", told);
    }

    private void value(ObservationView value, int number) {
        var obx = inserted("OBX", ReferralPlace.OBSERVATION);
        var codings = value.valueCodings();
        text.set(obx, 1, 1, 0, 0, String.valueOf(number));
        var own = new CodingView(value.code(), value.codeText(), value.codeSystem());
        coded(obx, 3, own);
        var other = value.alternate();
        if (other == null && !value.loinc().isEmpty() && !value.loinc().equals(value.code()))
            other = new CodingView(value.loinc(), "", "LN");
        if (other != null) {
            component(obx, 3, 4, other.code());
            component(obx, 3, 5, other.text());
            component(obx, 3, 6, other.system());
        }
        set(obx, 4, value.subId());
        if (!codings.isEmpty()) {
            set(obx, 2, "CE");
            coded(obx, 5, codings.getFirst());
        } else if (isNumber(value)) {
            set(obx, 2, "NM");
            set(obx, 5, value.valueText());
        } else {
            set(obx, 2, value.valueText().indexOf('\n') < 0 ? "ST" : "FT");
            set(obx, 5, value.valueText());
        }
        component(obx, 6, 1, value.unit());
        if (!value.unitSystem().isEmpty()) component(obx, 6, 3, value.unitSystem());
        set(obx, 7, value.referenceRange());
        var flags = value.flagList();
        for (int i = 0; i < flags.size(); i++) text.set(obx, 8, i + 1, 0, 0, flags.get(i));
        set(obx, 11, value.status().letter());
        set(obx, 14, time(value.observedAt(), value.observedAsSent()));
        if (!value.performer().isEmpty()) component(obx, 15, 2, value.performer());
        var doubt = value.doubt();
        if (doubt != null) note(doubt.words());
        for (var note : value.notes()) note(note.text());
    }

    private static boolean isNumber(ObservationView value) {
        return value.valueNumber() != null
                && value.comparator().isEmpty()
                && value.valueText().matches("[+-]?[0-9]*[.]?[0-9]+");
    }

    private void medications(List<MedicationOrderView> medications, List<String> told) {
        tell(medications.size(), "medication", told);
        if (medications.isEmpty()) return;
        set(observed(MEDICATION), 25, "F");
        int number = 0;
        for (var one : medications) {
            var obx = inserted("OBX", ReferralPlace.OBSERVATION);
            set(obx, 1, String.valueOf(++number));
            set(obx, 2, "CE");
            coded(obx, 3, MEDICATION);
            set(obx, 4, String.valueOf(number));
            coded(obx, 5, one.drug());
            alternate(obx, 5, one.supporting().alternates());
            set(obx, 11, "F");
            set(obx, 14, time(one.starts(), one.startsAsSent()));
            if (!one.sig().isEmpty()) note(one.sig());
        }
    }

    private void letters(List<ChartTaken.Letter> letters, List<String> told) {
        tell(letters.size(), "document", told);
        for (var letter : letters) {
            var document = letter.document();
            var name = document.title().isEmpty() ? document.type().text() : document.title();
            var type = new CodingView(document.type().code(), name, document.type().system());
            var obr = observed(type);
            number(obr, 3, document.number());
            set(obr, 7, time(document.activity(), document.activityAsSent()));
            set(obr, 25, "F");
            var obx = inserted("OBX", ReferralPlace.OBSERVATION);
            set(obx, 1, "1");
            set(obx, 2, "ED");
            coded(obx, 3, type);
            // HL7 v2.5.1 §2.A.24: source, type, subtype, encoding, data.
            component(obx, 5, 2, "application");
            component(obx, 5, 3, "pdf");
            component(obx, 5, 4, "Base64");
            component(obx, 5, 5, Base64.getEncoder().encodeToString(letter.content().content()));
            set(obx, 11, "F");
        }
    }

    // ------------------------------------------------------------ how

    private Segment observed(CodingView what) {
        if (order) earlier();
        var obr = inserted("OBR", ReferralPlace.OBSERVATION);
        set(obr, 1, String.valueOf(count("OBR")));
        coded(obr, 4, what);
        return obr;
    }

    /** Before an OBR that is an earlier result: before the first, also whose it is. */
    private void earlier() {
        var pid = text.segments().stream().filter(s -> s.name().equals("PID")).toList();
        if (pid.size() == 1) ReferralAsOrder.copy(text, pid.getFirst());
        set(inserted("ORC", ReferralPlace.OBSERVATION), 1, "RE");
    }

    private void note(String words) {
        var note = inserted("NTE", ReferralPlace.OBSERVATION);
        set(note, 1, "1");
        set(note, 3, words);
    }

    private static void tell(int number, String what, List<String> told) {
        if (number == 0) return;
        var many = what.endsWith("y") ? what.substring(0, what.length() - 1) + "ies" : what + "s";
        told.add(number + " " + (number == 1 ? what : many));
    }

    private void coded(Segment segment, int field, CodingView coding) {
        component(segment, field, 1, coding.code());
        component(segment, field, 2, coding.text());
        component(segment, field, 3, coding.system());
    }

    /** Another coding, for which CE has components 4 to 6. */
    private void alternate(Segment segment, int field, List<CodingView> others) {
        if (others.isEmpty()) return;
        var one = others.getFirst();
        component(segment, field, 4, one.code());
        component(segment, field, 5, one.text());
        component(segment, field, 6, one.system());
    }

    private void component(Segment segment, int field, int component, String value) {
        if (!value.isEmpty()) text.set(segment, field, 1, component, 0, value);
    }

    private void set(Segment segment, int field, String value) {
        if (!value.isEmpty()) text.set(segment, field, 1, 0, 0, value);
    }

    /** A number as it is kept: entity, and its namespace behind ^. */
    private void number(Segment segment, int field, String number) {
        component(segment, field, 1, entity(number));
        int end = number.indexOf('^');
        if (end >= 0) component(segment, field, 2, number.substring(end + 1));
    }

    private static String entity(String number) {
        int end = number.indexOf('^');
        return end < 0 ? number : number.substring(0, end);
    }

    /** With its offset; a day stays a day, and what is no time stays as it was sent. */
    private static String time(@Nullable Instant at, String asSent) {
        if (at == null || (!asSent.isEmpty() && asSent.length() <= 8)) return asSent;
        return TIME.format(at.atOffset(ZoneOffset.UTC));
    }
}
