package org.chartbridge.ordering;

import static org.chartbridge.ordering.OneOrder.value;

import org.chartbridge.hl7.Hl7Time;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Rewriting;
import org.chartbridge.hl7.Rewriting.Segment;
import org.chartbridge.ordering.OrderGroups.Group;
import org.chartbridge.partner.Orders;
import org.chartbridge.partner.Orders.Form;
import org.chartbridge.partner.Orders.Test;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.Referrals;
import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
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
    private final Partner to;
    private final Orders lab;

    /** The ORC that have their first order, as they were sent. */
    private final Map<Segment, Map<Integer, String>> fields = new HashMap<>();

    private LabMessage(Rewriting text, Partner to) {
        this.text = text;
        this.to = to;
        this.lab = to.orders();
    }

    /** Only some of a message's orders, in the words of whoever ordered. */
    static byte[] part(Message message, Set<Integer> ordinals) {
        var text = SpecimensFirst.read(message);
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
            Message message, Map<Integer, @Nullable Test> tests, Partner to, String suffix) {
        var text = SpecimensFirst.read(message);
        var groups = OrderGroups.of(text);
        text.remove(groups.allBut(tests.keySet()));
        var made = new LabMessage(text, to);
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
            made.questions(group);
            if (made.lab.form() == Form.OML_O21) NewForm.write(text, group, obr, orc, test);
            else if (made.lab.form() == Form.ORM_O01) OldForm.write(text, group, obr, orc, test);
        }
        made.header(message, suffix);
        return text.bytes();
    }

    /** What one gets that a patient is referred to: as sent, or as an order, in its version. */
    static byte[] referral(Message message, Partner to, String suffix) {
        var text = Rewriting.of(message);
        var version = to.referrals().version();
        if (to.referrals().form() == Referrals.Form.OMG_O19) ReferralAsOrder.write(text);
        addressed(text, to, suffix);
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

    /**
     * An order that does not say what it is is a new one, and says so to the laboratory; what it
     * says is a code of table 0119, in capital letters.
     */
    private void asNew(@Nullable Segment orc) {
        if (orc == null) return;
        var control = OneOrder.control(text, orc);
        if (control.isEmpty()) text.set(orc, 1, 1, 1, 0, "NW");
        else if (!control.equals(value(text, orc, 1, 1))) text.set(orc, 1, 1, 1, 0, control);
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

    /**
     * Questions of order entry in the laboratory's own code, where its {@code codes.csv} has one
     * for LOINC; the LOINC code beside it. What names another code already goes as sent.
     */
    private void questions(Group group) {
        if (to.codes().table().size() == 0) return;
        for (var obx : group.tail()) {
            if (!obx.name().equals("OBX") || !value(text, obx, 3, 4).isEmpty()) continue;
            if (!value(text, obx, 3, 3).equalsIgnoreCase("LN")) continue;
            var loinc = value(text, obx, 3, 1);
            to.codes()
                    .table()
                    .ownCode(loinc, value(text, obx, 6, 1), day())
                    .ifPresent(
                            row ->
                                    text.setComponents(
                                            obx,
                                            3,
                                            1,
                                            List.of(
                                                    row.code(),
                                                    row.text(),
                                                    "L",
                                                    loinc,
                                                    value(text, obx, 3, 2),
                                                    "LN")));
        }
    }

    /** Of MSH-7; today counts as the last day of all where it says none. */
    private LocalDate day() {
        return Hl7Time.parse(value(text, text.segments().getFirst(), 7, 1))
                        instanceof Hl7Time.Parsed.Known(var time)
                ? LocalDate.ofInstant(time.instant(to.zone(), null), to.zone())
                : LocalDate.MAX;
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
        addressed(text, to, suffix);
        if (!lab.version().isEmpty()) text.useVersion(lab.version());
    }

    /** MSH-5 and MSH-6: what the receiver calls itself as sender, where its folder says that. */
    private static void addressed(Rewriting text, Partner to, String suffix) {
        var msh = text.segments().getFirst();
        if (!to.senders().isEmpty()) {
            var name = to.senders().getFirst();
            var facility = name.facility();
            text.set(msh, 5, 0, 0, 0, name.application());
            text.set(msh, 6, 0, 0, 0, facility == null ? "" : facility);
        }
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
