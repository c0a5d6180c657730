package org.chartbridge.ordering;

import static org.chartbridge.ordering.OneOrder.value;

import org.chartbridge.hl7.Rewriting;
import org.chartbridge.hl7.Rewriting.Segment;
import org.chartbridge.ordering.OrderGroups.Group;
import org.chartbridge.partner.Orders.Test;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An order as OML^O21 writes it: the specimen in SPM, when and how often in TQ1 (HL7 v2.5.1 §4.4.6,
 * §4.5.4). What was said in OBR-27, or ORC-7, and in OBR-7 to OBR-15 is said there too ⚠; it also
 * stays where it was.
 */
final class NewForm {
    /** Units of a duration: as TQ-3 begins with, and as TQ1-6 has them. */
    private static final Map<Character, String> UNITS =
            Map.of('S', "s", 'M', "min", 'H', "h", 'D', "d", 'W', "wk", 'L', "mo");

    private static final int MAX_DIGITS = 9;

    private final Rewriting text;
    private final Group group;
    private final Segment obr;

    private NewForm(Rewriting text, Group group, Segment obr) {
        this.text = text;
        this.group = group;
        this.obr = obr;
    }

    static void write(Rewriting text, Group group, Segment obr, Segment orc, @Nullable Test test) {
        var form = new NewForm(text, group, obr);
        if (OneOrder.timing(group) == null) form.timing(orc);
        if (group.tail().stream().noneMatch(segment -> segment.name().equals("SPM")))
            form.specimen(test);
    }

    // ------------------------------------------------------------ when

    private void timing(Segment orc) {
        var priority = OneOrder.priority(text, group);
        boolean own = isTimed(obr, 27);
        var from = own ? obr : orc;
        int field = own ? 27 : 7;
        int all =
                own || isTimed(orc, 7) ? text.repetitions(from, field) : priority.isEmpty() ? 0 : 1;
        var last = orc;
        for (int i = 1; i <= all; i++) {
            text.insert("TQ1", Set.of(last), false);
            last = text.segments().get(text.segments().indexOf(last) + 1);
            text.set(last, 1, 1, 0, 0, String.valueOf(i));
            if (own || isTimed(orc, 7)) timing(from, field, i, last);
            var its = text.value(from, field, i, 6, 0);
            put(last, 9, 1, i == 1 && !priority.isEmpty() ? priority : its);
        }
    }

    /** Whether it says more than a priority. */
    private boolean isTimed(Segment segment, int field) {
        for (int i = 1; i <= text.repetitions(segment, field); i++)
            for (int part = 1; part <= 12; part++)
                if (part != 6 && !text.asSent(segment, field, i, part, 0).isEmpty()) return true;
        return false;
    }

    /** One repetition of TQ as a TQ1. */
    private void timing(Segment from, int field, int i, Segment tq1) {
        put(tq1, 2, 1, text.value(from, field, i, 1, 1));
        put(tq1, 2, 2, text.value(from, field, i, 1, 2));
        put(tq1, 3, 1, text.value(from, field, i, 2, 1));
        int time = 0;
        for (var clock : List.of(text.value(from, field, i, 2, 2).split(",")))
            if (!clock.isBlank()) text.set(tq1, 4, ++time, 1, 0, clock.strip());
        duration(text.value(from, field, i, 3, 0).strip(), tq1);
        put(tq1, 7, 1, text.value(from, field, i, 4, 0));
        put(tq1, 8, 1, text.value(from, field, i, 5, 0));
        put(tq1, 10, 1, text.value(from, field, i, 7, 0));
        var words = text.value(from, field, i, 8, 0);
        if (!words.isEmpty())
            put(
                    tq1,
                    11,
                    1,
                    value(text, tq1, 11, 1).isEmpty()
                            ? words
                            : value(text, tq1, 11, 1) + ", " + words);
        put(tq1, 12, 1, text.value(from, field, i, 9, 0));
        put(tq1, 14, 1, text.value(from, field, i, 12, 0));
    }

    /** {@code D5} is 5 d, {@code X3} three times (HL7 v2.3 §4.3.3); else it is for people. */
    private void duration(String sent, Segment tq1) {
        if (sent.isEmpty()) return;
        var number = sent.substring(1);
        var unit = UNITS.get(sent.charAt(0));
        boolean whole =
                !number.isEmpty()
                        && number.length() <= MAX_DIGITS
                        && number.chars().allMatch(c -> c >= '0' && c <= '9');
        if (whole && unit != null) {
            put(tq1, 6, 1, number);
            put(tq1, 6, 2, unit);
        } else if (whole && sent.charAt(0) == 'X') put(tq1, 14, 1, number);
        else put(tq1, 11, 1, "for " + sent);
    }

    private void put(Segment segment, int field, int component, String value) {
        if (!value.isEmpty()) text.set(segment, field, 1, component, 0, value);
    }

    // ------------------------------------------------------------ what is drawn

    private void specimen(@Nullable Test test) {
        var sent = text.asSent(obr, 15, 1, 1, 0);
        var usual = test == null ? "" : test.specimen();
        if (sent.isEmpty() && usual.isEmpty()) return;
        var last = group.tail().isEmpty() ? obr : group.tail().getLast();
        text.insert("SPM", Set.of(last), false);
        var specimen = text.segments().get(text.segments().indexOf(last) + 1);
        text.set(specimen, 1, 1, 0, 0, "1");
        if (sent.isEmpty()) text.set(specimen, 4, 1, 1, 0, usual);
        else components(15, 1, specimen, 4);
        components(15, 4, specimen, 8);
        put(specimen, 17, 1, value(text, obr, 7, 1));
        put(specimen, 17, 2, value(text, obr, 8, 1));
        put(specimen, 18, 1, value(text, obr, 14, 1));
    }

    /** OBR-15.1 is a coded element, whose parts are subcomponents there and components here. */
    private void components(int field, int component, Segment specimen, int to) {
        for (int i : List.of(1, 2, 3, 4, 5, 6)) {
            var part = text.asSent(obr, field, 1, component, i);
            if (!part.isEmpty()) text.setAsSent(specimen, to, 1, i, 0, part);
        }
    }
}
