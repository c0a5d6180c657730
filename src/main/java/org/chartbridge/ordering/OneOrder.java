package org.chartbridge.ordering;

import org.chartbridge.hl7.Rewriting;
import org.chartbridge.hl7.Rewriting.Segment;
import org.chartbridge.ordering.OrderGroups.Group;
import org.chartbridge.partner.Orders.Insurance;
import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What decides about one order.
 *
 * @param ordinal from 0, among the OBR of the message
 * @param control ORC-1 (table 0119); NW where there is none
 * @param number ORC-2, else OBR-2: value and namespace, joined by |; empty when it has none
 * @param code OBR-4.1
 * @param text OBR-4.2
 * @param system OBR-4.3
 * @param priority TQ1-9.1, else OBR-27.6, OBR-5
 * @param coverages IN1-2.1 and IN1-3.1 of each IN1
 * @param first of the first IN1, who is asked first to pay
 * @param answered OBX-3.1 of what is answered below the OBR
 */
record OneOrder(
        int ordinal,
        String control,
        String number,
        String code,
        String text,
        String system,
        String priority,
        Set<String> coverages,
        Optional<Insurance> first,
        Set<String> answered) {

    static OneOrder of(
            Rewriting text,
            Group group,
            int ordinal,
            Set<String> coverages,
            Optional<Insurance> first) {
        var orc = group.head().orc();
        var obr = group.obr();
        var control = orc == null ? "" : value(text, orc, 1, 1);
        var answered = new HashSet<String>();
        for (var segment : group.tail())
            if (segment.name().equals("OBX") && !text.asSent(segment, 5, 0, 0, 0).isEmpty())
                answered.add(value(text, segment, 3, 1));
        return new OneOrder(
                ordinal,
                control.isEmpty() ? "NW" : control,
                number(text, group),
                obr == null ? "" : value(text, obr, 4, 1),
                obr == null ? "" : value(text, obr, 4, 2),
                obr == null ? "" : value(text, obr, 4, 3),
                priority(text, group),
                coverages,
                first,
                answered);
    }

    boolean isNew() {
        return control.equals("NW");
    }

    /** IN1 stands once for all orders of a message, or below each. */
    static Set<String> coverages(Rewriting text) {
        var found = new HashSet<String>();
        for (var segment : text.segments()) {
            if (!segment.name().equals("IN1")) continue;
            for (int field : new int[] {2, 3}) {
                var value = value(text, segment, field, 1);
                if (!value.isEmpty()) found.add(value);
            }
        }
        return Set.copyOf(found);
    }

    /** Of the first IN1; empty where there is none, or it names neither payer nor plan. */
    static Optional<Insurance> first(Rewriting text) {
        return text.segments().stream()
                .filter(segment -> segment.name().equals("IN1"))
                .findFirst()
                .map(in1 -> new Insurance(value(text, in1, 3, 1), value(text, in1, 2, 1)))
                .filter(its -> !its.payer().isEmpty() || !its.plan().isEmpty());
    }

    private static String number(Rewriting text, Group group) {
        var obr = group.obr();
        var own = obr == null ? "" : number(text, obr);
        if (!own.isEmpty()) return own;
        var orc = group.head().orc();
        return orc == null ? "" : number(text, orc);
    }

    private static String number(Rewriting text, Segment segment) {
        var value = value(text, segment, 2, 1);
        return value.isEmpty() ? "" : value + "|" + value(text, segment, 2, 2);
    }

    static String priority(Rewriting text, Group group) {
        var timing = timing(group);
        if (timing != null && !value(text, timing, 9, 1).isEmpty())
            return value(text, timing, 9, 1);
        var obr = group.obr();
        if (obr == null) return "";
        var quantity = value(text, obr, 27, 6);
        return quantity.isEmpty() ? value(text, obr, 5, 1) : quantity;
    }

    static @Nullable Segment timing(Group group) {
        for (var segment : group.head().lead()) if (segment.name().equals("TQ1")) return segment;
        for (var segment : group.tail()) if (segment.name().equals("TQ1")) return segment;
        return null;
    }

    static String value(Rewriting text, Segment segment, int field, int component) {
        return text.value(segment, field, 1, component, 0);
    }

    /** Prints what says nothing of a patient. */
    @Override
    public String toString() {
        return "OneOrder[" + control + " " + code + "]";
    }
}
