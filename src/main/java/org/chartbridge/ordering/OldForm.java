package org.chartbridge.ordering;

import static org.chartbridge.ordering.OneOrder.value;

import org.chartbridge.hl7.Rewriting;
import org.chartbridge.hl7.Rewriting.Segment;
import org.chartbridge.ordering.OrderGroups.Group;
import org.chartbridge.partner.Orders.Test;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * An order as ORM^O01 writes it, which has neither TQ1 nor SPM: the timing in OBR-27 and ORC-7, the
 * specimen in OBR-7 to OBR-15 (HL7 v2.3 §4.2.1, §4.4). What has no field there is a note ⚠: when to
 * draw, and which tube, must not be lost.
 */
final class OldForm {
    /** Units of a duration: as TQ1-6 has them, and as TQ-3 begins with. */
    private static final Map<String, String> UNITS =
            Map.of("s", "S", "min", "M", "h", "H", "d", "D", "wk", "W", "mo", "L");

    private static final int MAX_NUMBER_DIGITS = 9;

    private final Rewriting text;
    private final Group group;
    private final Segment obr;
    private final List<String> notes = new ArrayList<>();

    private OldForm(Rewriting text, Group group, Segment obr) {
        this.text = text;
        this.group = group;
        this.obr = obr;
    }

    static void write(Rewriting text, Group group, Segment obr, Segment orc, @Nullable Test test) {
        var old = new OldForm(text, group, obr);
        old.timing(orc);
        old.specimens(test);
        old.note();
        var gone = new HashSet<Segment>();
        for (var segment : group.head().lead()) if (isTiming(segment)) gone.add(segment);
        for (var segment : group.tail())
            if (isTiming(segment) || segment.name().equals("SAC") || segment.name().equals("SPM"))
                gone.add(segment);
        text.remove(gone);
    }

    private static boolean isTiming(Segment segment) {
        return segment.name().startsWith("TQ");
    }

    // ------------------------------------------------------------ when

    private void timing(Segment orc) {
        var priority = OneOrder.priority(text, group);
        // ⚠ With a part of it alone, OBR-27 would say something else than ORC-7 does.
        var said = text.asSent(orc, 7, 0, 0, 0);
        if (!said.isEmpty()
                && text.asSent(obr, 27, 0, 0, 0).isEmpty()
                && OneOrder.timing(group) == null) text.setAsSent(obr, 27, 0, 0, 0, said);
        if (!priority.isEmpty() && value(text, obr, 27, 6).isEmpty())
            text.set(obr, 27, 1, 6, 0, priority);
        for (int part = 1; part <= 5; part++)
            if (!value(text, obr, 27, part).isEmpty()) return; // It was said there as well.
        var timings = new ArrayList<Segment>();
        for (var segment : group.head().lead()) if (isTq1(segment)) timings.add(segment);
        for (var segment : group.tail()) if (isTq1(segment)) timings.add(segment);
        for (int i = 0; i < timings.size(); i++) timing(timings.get(i), i + 1);
        if (!timings.isEmpty() && text.asSent(orc, 7, 0, 0, 0).isEmpty())
            text.setAsSent(orc, 7, 0, 0, 0, text.asSent(obr, 27, 0, 0, 0));
    }

    private static boolean isTq1(Segment segment) {
        return segment.name().equals("TQ1");
    }

    /** One TQ1 as a repetition of OBR-27. */
    private void timing(Segment tq1, int repetition) {
        var quantity = text.value(tq1, 2, 1, 1, 1);
        put(repetition, 1, 1, quantity);
        if (!quantity.isEmpty()) put(repetition, 1, 2, text.value(tq1, 2, 1, 2, 1));
        var pattern = text.value(tq1, 3, 1, 1, 1);
        put(repetition, 2, 1, pattern.isEmpty() ? text.value(tq1, 3, 1, 1, 2) : pattern);
        put(repetition, 2, 2, clockTimes(tq1));
        put(repetition, 3, 0, duration(tq1));
        put(repetition, 4, 0, value(text, tq1, 7, 1));
        put(repetition, 5, 0, value(text, tq1, 8, 1));
        if (repetition > 1) put(repetition, 6, 0, value(text, tq1, 9, 1));
        put(repetition, 7, 0, value(text, tq1, 10, 1));
        put(repetition, 8, 0, value(text, tq1, 11, 1));
    }

    private void put(int repetition, int component, int subcomponent, String value) {
        if (!value.isEmpty()) text.set(obr, 27, repetition, component, subcomponent, value);
    }

    private String clockTimes(Segment tq1) {
        var times = new ArrayList<String>();
        for (int i = 1; i <= text.repetitions(tq1, 4); i++) times.add(text.value(tq1, 4, i, 1, 0));
        return String.join(",", times);
    }

    /** TQ1-6 is a number and a unit, TQ-3 a letter and a number: {@code 5^d} is {@code D5}. */
    private String duration(Segment tq1) {
        var number = text.value(tq1, 6, 1, 1, 1);
        var unit = text.value(tq1, 6, 1, 2, 1);
        var letter = UNITS.get(unit.toLowerCase(Locale.ROOT));
        boolean whole =
                !number.isEmpty()
                        && number.length() <= MAX_NUMBER_DIGITS
                        && number.chars().allMatch(c -> c >= '0' && c <= '9');
        return letter != null && whole ? letter + number : (number + " " + unit).strip();
    }

    // ------------------------------------------------------------ what is drawn

    private void specimens(@Nullable Test test) {
        boolean described = !text.asSent(obr, 15, 0, 0, 0).isEmpty();
        Segment first = null;
        for (var segment : group.tail()) {
            if (segment.name().equals("SAC")) container(segment);
            if (!segment.name().equals("SPM")) continue;
            var number = number(segment);
            if (first == null) {
                first = segment;
                if (!described) source(segment);
                collected(segment);
                if (!number.isEmpty()) notes.add("Specimen number " + number);
            } else {
                notes.add(further(segment, number));
            }
        }
        if (text.asSent(obr, 15, 0, 0, 0).isEmpty() && test != null && !test.specimen().isEmpty())
            text.set(obr, 15, 1, 1, 1, test.specimen());
    }

    private void container(Segment sac) {
        var number = text.value(sac, 3, 1, 1, 0);
        if (!number.isEmpty()) notes.add("Container number " + number);
    }

    /** OBR-15.1 and OBR-15.4, whose parts are subcomponents there and components in SPM. */
    private void source(Segment spm) {
        for (int i = 1; i <= 3; i++) {
            var type = text.value(spm, 4, 1, i, 0);
            if (!type.isEmpty()) text.set(obr, 15, 1, 1, i, type);
            var site = text.value(spm, 8, 1, i, 0);
            if (!site.isEmpty()) text.set(obr, 15, 1, 4, i, site);
        }
    }

    private void collected(Segment spm) {
        fill(7, value(text, spm, 17, 1));
        fill(8, value(text, spm, 17, 2));
        fill(14, value(text, spm, 18, 1));
    }

    private void fill(int field, String value) {
        if (!value.isEmpty() && text.asSent(obr, field, 0, 0, 0).isEmpty())
            text.set(obr, field, 1, 1, 0, value);
    }

    /** SPM-2: the number of whoever ordered, and that of whoever drew it. */
    private String number(Segment spm) {
        var placer = text.value(spm, 2, 1, 1, 1);
        var filler = text.value(spm, 2, 1, 2, 1);
        if (placer.isEmpty() || filler.isEmpty() || placer.equals(filler))
            return placer.isEmpty() ? filler : placer;
        return placer + ", of the collector " + filler;
    }

    private String further(Segment spm, String number) {
        var words = new StringBuilder("Another specimen");
        say(words, "", text.value(spm, 4, 1, 2, 0), text.value(spm, 4, 1, 1, 0));
        say(words, "", text.value(spm, 8, 1, 2, 0), text.value(spm, 8, 1, 1, 0));
        say(words, "number ", number, "");
        say(words, "collected ", value(text, spm, 17, 1), "");
        return words.toString();
    }

    private static void say(StringBuilder words, String before, String value, String otherwise) {
        var said = value.isEmpty() ? otherwise : value;
        if (!said.isEmpty()) words.append(", ").append(before).append(said);
    }

    // ------------------------------------------------------------ what has no field

    /** Behind the notes of the order itself, numbered on. */
    private void note() {
        if (notes.isEmpty()) return;
        var last = obr;
        int number = 0;
        for (var segment : group.tail()) {
            if (isTiming(segment)) continue;
            if (!segment.name().equals("NTE")) break;
            last = segment;
            number++;
        }
        for (var words : notes) {
            text.insert("NTE", Set.of(last), false);
            last = text.segments().get(text.segments().indexOf(last) + 1);
            text.set(last, 1, 1, 0, 0, String.valueOf(++number));
            text.set(last, 3, 1, 1, 0, words);
        }
    }
}
