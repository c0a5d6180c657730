package org.chartbridge.ordering;

import org.chartbridge.chart.OneNumber;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Rewriting;
import org.chartbridge.hl7.Rewriting.Segment;
import org.chartbridge.ordering.OrderGroups.Group;
import org.chartbridge.partner.Orders.Insurance;
import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What decides about one order.
 *
 * @param ordinal from 0, among the OBR of the message
 * @param control ORC-1 (table 0119), in capital letters; NW where there is none
 * @param number ORC-2, else OBR-2: value and namespace (else universal id), joined by |; empty when
 *     it has none
 * @param code OBR-4.1
 * @param text OBR-4.2
 * @param system OBR-4.3
 * @param isNumbered whether it has any number by which it is charted: also the filler's (ORC-3,
 *     OBR-3), or the group's (ORC-4)
 * @param parent ORC-8, else OBR-29 (its placer's number), as {@code number}; empty when it has none
 * @param isAddedOn whether it is done on a specimen that is there already (OBR-11 A, G)
 * @param priority TQ1-9.1, else OBR-27.6, OBR-5, ORC-7.6
 * @param coverages IN1-2.1 and IN1-3.1 of each IN1
 * @param first of the first IN1, who is asked first to pay
 * @param answered OBX-3.1 of what is answered below the OBR
 * @param patient of the message, see {@link #patient}
 * @param said MSH-7 as sent
 * @param place of its OBR, else its ORC
 */
record OneOrder(
        int ordinal,
        String control,
        String number,
        boolean isNumbered,
        String code,
        String text,
        String system,
        String parent,
        boolean isAddedOn,
        String priority,
        Set<String> coverages,
        Optional<Insurance> first,
        Set<String> answered,
        String patient,
        String said,
        @Nullable Location place) {

    /** ORC-1 of the table 0119 by which an order is placed in the place, or as part, of another. */
    private static final Map<String, String> LEADS = Map.of("RO", "RP", "CH", "PA");

    /** OBR-11 of what is added to a specimen, by a person or as a reflex (table 0065). */
    private static final Set<String> ADDED_ON = Set.of("A", "G");

    private static final Set<String> URGENT = Set.of("S", "STAT", "A", "ASAP");

    private static final int MAX_PATIENT_CHARACTERS = 1000;

    static OneOrder of(
            Rewriting text,
            Group group,
            int ordinal,
            Set<String> coverages,
            Optional<Insurance> first,
            String said,
            Map<Segment, Location> places) {
        var orc = group.head().orc();
        var obr = group.obr();
        var control = orc == null ? "" : control(text, orc);
        var answered = new HashSet<String>();
        for (var segment : group.tail())
            if (segment.name().equals("OBX") && isAnswer(text, segment))
                answered.add(value(text, segment, 3, 1));
        return new OneOrder(
                ordinal,
                control.isEmpty() ? "NW" : control,
                number(text, group),
                isNumbered(text, group),
                obr == null ? "" : value(text, obr, 4, 1).strip(),
                obr == null ? "" : value(text, obr, 4, 2),
                obr == null ? "" : value(text, obr, 4, 3),
                parent(text, group),
                obr != null
                        && ADDED_ON.contains(
                                value(text, obr, 11, 1).strip().toUpperCase(Locale.ROOT)),
                priority(text, group),
                coverages,
                first,
                answered,
                patient(text),
                said,
                obr != null ? places.get(obr) : orc != null ? places.get(orc) : null);
    }

    /** ORC-1 in capital letters; "" where nothing is said, or that it is deleted. */
    static String control(Rewriting text, Segment orc) {
        var control = value(text, orc, 1, 1).strip().toUpperCase(Locale.ROOT);
        return control.equals(Message.NULL) ? "" : control;
    }

    /**
     * Delimiters and quotation marks alone answer nothing, nor does what could not be obtained or
     * was not asked (OBX-11 X, N).
     */
    private static boolean isAnswer(Rewriting text, Segment obx) {
        var status = value(text, obx, 11, 1).toUpperCase(Locale.ROOT);
        return !status.equals("X")
                && !status.equals("N")
                && !text.asSent(obx, 5, 0, 0, 0).replaceAll("[\\^~&\"\\s]", "").isEmpty();
    }

    private static String parent(Rewriting text, Group group) {
        var orc = group.head().orc();
        var named = orc == null ? "" : parent(text, orc, 8);
        var obr = group.obr();
        return named.isEmpty() && obr != null ? parent(text, obr, 29) : named;
    }

    private static String parent(Rewriting text, Segment segment, int field) {
        return number(
                text.value(segment, field, 1, 1, 1),
                text.value(segment, field, 1, 1, 2),
                text.value(segment, field, 1, 1, 3));
    }

    /** Whether the chart has a number to know it by. */
    private static boolean isNumbered(Rewriting text, Group group) {
        var orc = group.head().orc();
        var obr = group.obr();
        boolean known = orc != null && obr != null && says(value(text, orc, 4, 1));
        for (int field : new int[] {2, 3})
            known |=
                    (orc != null && says(value(text, orc, field, 1)))
                            || (obr != null && says(value(text, obr, field, 1)));
        return known;
    }

    /** Neither blanks, nor that it is deleted. */
    private static boolean says(String value) {
        return !value.isBlank() && !value.strip().equals(Message.NULL);
    }

    /**
     * By which numbers a message names its patient: CX.1 and CX.4.1 of PID-2, PID-3 and PID-4, the
     * two joined by |, several by line feeds; empty when it names none.
     */
    static String patient(Rewriting text) {
        var numbers = new TreeSet<String>();
        for (var segment : text.segments()) {
            if (!segment.name().equals("PID")) continue;
            for (int field = 2; field <= 4; field++)
                for (int i = 1; i <= text.repetitions(segment, field); i++) {
                    var id = plain(text.value(segment, field, i, 1, 1));
                    if (!id.isEmpty())
                        numbers.add(id + "|" + plain(text.value(segment, field, i, 4, 1)));
                }
            break; // Another PID is that of earlier results.
        }
        var all = String.join("\n", numbers);
        return all.length() <= MAX_PATIENT_CHARACTERS ? all : "";
    }

    /**
     * As it can be stored and compared: without quotation marks alone, breaks and control codes.
     */
    private static String plain(String value) {
        return value.equals(Message.NULL) ? "" : value.replaceAll("[\\p{Cntrl}|]", " ").strip();
    }

    /** Asked for at once (table 0485, 0280). */
    static boolean isUrgent(String priority) {
        return URGENT.contains(priority.strip().toUpperCase(Locale.ROOT));
    }

    boolean isUrgent() {
        return isUrgent(priority);
    }

    boolean isNew() {
        return control.equals("NW");
    }

    /** Whether it places an order: a second one of its number would be done twice ⚠. */
    boolean places() {
        return isNew() || LEADS.containsKey(control);
    }

    /** Whether it is part of an order that it names (ORC-8). */
    boolean isChild() {
        return control.equals("CH") && !parent.isEmpty();
    }

    /** Whether it places an order that names another one as its parent. */
    boolean isBelow() {
        return places() && !parent.isEmpty();
    }

    /** ORC-1 of what it stands with, which says where it goes: RP of RO, PA of CH; else null. */
    @Nullable String lead() {
        return LEADS.get(control);
    }

    /** Whether others of its message may stand with it. */
    boolean leads() {
        return LEADS.containsValue(control);
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
        return number(text, segment, 2);
    }

    /** An EI: its value and its namespace (EI.2), else its universal id (EI.3), as in the chart. */
    static String number(Rewriting text, Segment segment, int field) {
        return number(
                value(text, segment, field, 1),
                value(text, segment, field, 2),
                value(text, segment, field, 3));
    }

    /** ⚠ Blanks around it make no other order (HL7 v2.5.1 §2.A, ST). */
    private static String number(String entity, String namespace, String universal) {
        var its = says(namespace) ? namespace : says(universal) ? universal : "";
        return says(entity) ? entity.strip() + "|" + its.strip() : "";
    }

    /** Whether the number of another may be the same. */
    boolean isNumbered(String other) {
        return OneNumber.isOne(inChart(number), inChart(other));
    }

    private static String inChart(String number) {
        return number.endsWith("|")
                ? number.substring(0, number.length() - 1)
                : number.replace('|', '^');
    }

    static String priority(Rewriting text, Group group) {
        var timing = timing(group);
        if (timing != null && !value(text, timing, 9, 1).isEmpty())
            return value(text, timing, 9, 1);
        var obr = group.obr();
        if (obr == null) return "";
        var quantity = value(text, obr, 27, 6);
        if (quantity.isEmpty()) quantity = value(text, obr, 5, 1);
        var orc = group.head().orc();
        return quantity.isEmpty() && orc != null ? value(text, orc, 7, 6) : quantity;
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
