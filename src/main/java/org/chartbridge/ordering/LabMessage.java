package org.chartbridge.ordering;

import static org.chartbridge.ordering.OneOrder.value;

import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Rewriting;
import org.chartbridge.hl7.Rewriting.Segment;
import org.chartbridge.ordering.OrderGroups.Group;
import org.chartbridge.partner.Orders;
import org.chartbridge.partner.Orders.Form;
import org.chartbridge.partner.Orders.Test;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The message that a laboratory gets, made of the one that ordered: its orders only, one ORC before
 * each OBR, in the laboratory's message, version and codes. Written through the encoder, so that no
 * value can begin a field or a segment. What is said beside them (patient, visit, insurance,
 * guarantor, diagnoses, copies to, notes, answers) goes along as it was sent.
 */
final class LabMessage {
    private static final int MAX_FIELDS = 60;
    private static final int MAX_CONTROL_ID = 20;

    private final Rewriting text;
    private final Orders lab;

    /** The ORC that have their first order, as they were sent. */
    private final Map<Segment, Map<Integer, String>> fields = new HashMap<>();

    private LabMessage(Rewriting text, Orders lab) {
        this.text = text;
        this.lab = lab;
    }

    /** Only some of a message's orders, in the words of whoever ordered. */
    static byte[] part(Message message, Set<Integer> ordinals) {
        var text = Rewriting.of(message);
        text.remove(OrderGroups.of(text).allBut(ordinals));
        return text.bytes();
    }

    /**
     * What the laboratory gets.
     *
     * @param tests of the orders that go there, by their ordinal; null where it is not in the
     *     compendium and goes as it was ordered
     * @param suffix behind MSH-10, where the laboratory may have got one of this MSH-10 before
     */
    static byte[] of(
            Message message, Map<Integer, @Nullable Test> tests, Orders lab, String suffix) {
        var text = Rewriting.of(message);
        var groups = OrderGroups.of(text);
        text.remove(groups.allBut(tests.keySet()));
        var made = new LabMessage(text, lab);
        int number = 0;
        for (int ordinal = 0; ordinal < groups.all().size(); ordinal++) {
            if (!tests.containsKey(ordinal)) continue;
            var group = groups.all().get(ordinal);
            var obr = group.obr();
            if (obr == null) { // The ORC says it all.
                made.asNew(group.head().orc());
                continue;
            }
            var orc = made.control(group, obr);
            text.set(obr, 1, 1, 0, 0, String.valueOf(++number));
            var test = tests.get(ordinal);
            if (test != null) made.codes(obr, test);
            if (lab.form() == Form.OML_O21) made.specimenAndTiming(group, obr, orc, test);
            else if (lab.form() == Form.ORM_O01) OldForm.write(text, group, obr, orc, test);
        }
        made.header(message, suffix);
        return text.bytes();
    }

    /** What one gets that a patient is referred to: as sent, in the version it wants. */
    static byte[] referral(Message message, String version, String suffix) {
        var text = Rewriting.of(message);
        addressed(text, suffix);
        if (!version.isEmpty()) text.useVersion(version);
        return text.bytes();
    }

    /** The ORC of an OBR, one for each: of one that governs several the others get copies. */
    private Segment control(Group group, Segment obr) {
        var sent = group.head().orc();
        Segment orc;
        if (sent == null) {
            orc = inserted(obr);
            text.set(orc, 1, 1, 0, 0, "NW");
        } else if (!fields.containsKey(sent)) {
            asNew(sent);
            fields.put(sent, fields(sent));
            orc = sent;
        } else {
            orc = inserted(obr);
            for (var field : fields.get(sent).entrySet())
                text.setAsSent(orc, field.getKey(), 0, 0, 0, field.getValue());
        }
        // ORC-2 is OBR-2, and ORC-3 is OBR-3: who says it once means both (HL7-RULES §5).
        for (int field : new int[] {2, 3}) {
            var its = text.asSent(obr, field, 0, 0, 0);
            var ours = text.asSent(orc, field, 0, 0, 0);
            if (!its.isEmpty()) text.setAsSent(orc, field, 0, 0, 0, its);
            else if (!ours.isEmpty() && group.isAlone()) text.setAsSent(obr, field, 0, 0, 0, ours);
        }
        return orc;
    }

    /** An order that does not say what it is is a new one, and says so to the laboratory. */
    private void asNew(@Nullable Segment orc) {
        if (orc != null && value(text, orc, 1, 1).isEmpty()) text.set(orc, 1, 1, 1, 0, "NW");
    }

    private Map<Integer, String> fields(Segment segment) {
        var found = new TreeMap<Integer, String>();
        for (int i = 1; i <= MAX_FIELDS; i++) {
            var field = text.asSent(segment, i, 0, 0, 0);
            if (!field.isEmpty()) found.put(i, field);
        }
        return found;
    }

    private Segment inserted(Segment obr) {
        text.insert("ORC", Set.of(obr), true);
        return text.segments().get(text.segments().indexOf(obr) - 1);
    }

    /** OBR-4 in the laboratory's code, the clinic's own beside it. */
    private void codes(Segment obr, Test test) {
        var own = List.of(value(text, obr, 4, 1), value(text, obr, 4, 2), value(text, obr, 4, 3));
        boolean same = test.labCode().equals(own.getFirst()) && test.labSystem().isEmpty();
        var name = test.labName().isEmpty() ? own.get(1) : test.labName();
        text.setComponents(
                obr,
                4,
                1,
                same
                        ? List.of(own.getFirst(), name, own.get(2))
                        : List.of(
                                test.labCode(),
                                name,
                                test.labSystem(),
                                own.getFirst(),
                                own.get(1),
                                own.get(2)));
    }

    /** OML^O21: the specimen in SPM, the priority in TQ1 (HL7 v2.5.1 §4.4.6). */
    private void specimenAndTiming(Group group, Segment obr, Segment orc, @Nullable Test test) {
        var priority = OneOrder.priority(text, group);
        if (OneOrder.timing(group) == null && !priority.isEmpty()) {
            text.insert("TQ1", Set.of(orc), false);
            var timing = text.segments().get(text.segments().indexOf(orc) + 1);
            text.set(timing, 1, 1, 0, 0, "1");
            text.set(timing, 9, 1, 1, 0, priority);
        }
        if (has(group, "SPM")) return;
        var sent = text.asSent(obr, 15, 1, 1, 0);
        var usual = test == null ? "" : test.specimen();
        if (sent.isEmpty() && usual.isEmpty()) return;
        var last = group.tail().isEmpty() ? obr : group.tail().getLast();
        text.insert("SPM", Set.of(last), false);
        var specimen = text.segments().get(text.segments().indexOf(last) + 1);
        text.set(specimen, 1, 1, 0, 0, "1");
        if (sent.isEmpty()) {
            text.set(specimen, 4, 1, 1, 0, usual);
            return;
        }
        // OBR-15.1 is a coded element, whose parts are subcomponents there and components here.
        for (int i = 1; i <= 6; i++) {
            var part = text.asSent(obr, 15, 1, 1, i);
            if (!part.isEmpty()) text.setAsSent(specimen, 4, 1, i, 0, part);
        }
    }

    private static boolean has(Group group, String name) {
        return group.tail().stream().anyMatch(segment -> segment.name().equals(name));
    }

    private void header(Message message, String suffix) {
        var msh = text.segments().getFirst();
        var form = lab.form().name();
        boolean structured =
                !message.header().component(9, 3).isEmpty() || !lab.version().isEmpty();
        text.setComponents(
                msh,
                9,
                1,
                List.of(form.substring(0, 3), form.substring(4), structured ? form : ""));
        addressed(text, suffix);
        if (!lab.version().isEmpty()) text.useVersion(lab.version());
    }

    private static void addressed(Rewriting text, String suffix) {
        var msh = text.segments().getFirst();
        // Which answers are asked for was between the clinic and us.
        for (int field : new int[] {15, 16})
            if (!text.asSent(msh, field, 0, 0, 0).isEmpty())
                text.setAsSent(msh, field, 0, 0, 0, "");
        if (!suffix.isEmpty()) {
            var id = text.value(msh, 10, 1, 0, 0);
            int room = MAX_CONTROL_ID - suffix.length();
            text.set(
                    msh,
                    10,
                    1,
                    0,
                    0,
                    (id.length() <= room ? id : id.substring(id.length() - room)) + suffix);
        }
    }
}
