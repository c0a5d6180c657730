package org.chartbridge.ordering;

import static org.chartbridge.ordering.OneOrder.value;

import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Rewriting;
import org.chartbridge.hl7.Rewriting.Segment;

import java.util.ArrayList;
import java.util.List;

/**
 * Whom an order or a referral is about and who asked for it, for the person who has to decide.
 *
 * @param patient PID-5, PID-7 and PID-3
 * @param asker ORC-12, OBR-16, or PRD-2 where PRD-1 is RP (table 0286), with its number
 */
record People(String patient, String asker) {

    static People of(Rewriting text) {
        var patient = "";
        var asker = "";
        for (var segment : text.segments()) {
            if (patient.isEmpty() && segment.name().equals("PID")) patient = patient(text, segment);
            if (!asker.isEmpty()) continue;
            asker =
                    switch (segment.name()) {
                        case "ORC" -> provider(text, segment, 12);
                        case "OBR" -> provider(text, segment, 16);
                        case "PRD" -> referrer(text, segment);
                        default -> "";
                    };
        }
        return new People(patient, asker);
    }

    private static String patient(Rewriting text, Segment pid) {
        var birth = shown(value(text, pid, 7, 1));
        return joined(
                name(text, pid, 5, 1),
                birth.length() < 8
                        ? birth
                        : birth.substring(0, 4)
                                + "-"
                                + birth.substring(4, 6)
                                + "-"
                                + birth.substring(6, 8),
                shown(value(text, pid, 3, 1)));
    }

    /** XCN: the number, then the name. */
    private static String provider(Rewriting text, Segment segment, int field) {
        return joined(name(text, segment, field, 2), shown(value(text, segment, field, 1)));
    }

    private static String referrer(Rewriting text, Segment prd) {
        return value(text, prd, 1, 1).equals("RP")
                ? joined(name(text, prd, 2, 1), shown(value(text, prd, 7, 1)))
                : "";
    }

    /** Family and given name, the first of them in a component. */
    private static String name(Rewriting text, Segment segment, int field, int component) {
        return joined(
                shown(text.value(segment, field, 1, component, 1)),
                shown(text.value(segment, field, 1, component + 1, 0)));
    }

    private static String joined(String... parts) {
        var said = new ArrayList<String>();
        for (var part : List.of(parts)) if (!part.isEmpty()) said.add(part);
        return String.join(", ", said);
    }

    private static String shown(String value) {
        return value.equals(Message.NULL) ? "" : value.strip();
    }

    /** Nothing: it names people. */
    @Override
    public String toString() {
        return "People[]";
    }
}
