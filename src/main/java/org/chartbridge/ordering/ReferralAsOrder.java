package org.chartbridge.ordering;

import static org.chartbridge.ordering.OneOrder.value;

import org.chartbridge.hl7.Rewriting;
import org.chartbridge.hl7.Rewriting.Segment;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes a referral as the order that 360X has for it (IHE PCC 360X; HL7 v2.5.1 §4.4.3, decision
 * 0062): OMG^O19 with the referral's number in ORC-2 and OBR-2. Pure, through the encoder.
 *
 * <p>⚠ The order is the referral, and nothing beside it is: orders and values that travel with it
 * are earlier results (PRIOR_RESULT), behind a PID of their own and ORC-1 RE. Who is referred to is
 * CTD; its fields are those of PRD. What the structure has no place for is named in a last NTE.
 */
final class ReferralAsOrder {
    /** What is asked for, whatever for: the profile's OBR-4. */
    private static final List<String> REFERRAL = List.of("57133-1", "Referral note", "LN");

    private static final Map<String, String> CONTROL =
            Map.of("I12", "NW", "I13", "XO", "I14", "CA");

    private static final Set<String> OF_PATIENT = Set.of("PID", "PD1", "NK1", "PV1", "PV2");
    private static final Set<String> OF_PAYERS = Set.of("IN1", "IN2", "IN3", "GT1");

    /** Priorities that both tables have, 0280 of RF1-2 and 0485 of TQ1-9. */
    private static final Set<String> PRIORITIES = Set.of("S", "A", "R");

    /** PRD-1 to PRD-7 are CTD-1 to CTD-7, by number and type. */
    private static final int FIELDS_OF_CONTACT = 7;

    private static final int MAX_FIELDS = 60;

    private final Rewriting text;
    private final List<Segment> sent;

    private ReferralAsOrder(Rewriting text) {
        this.text = text;
        this.sent = List.copyOf(text.segments());
    }

    /** Turns REF^I12, I13 or I14 into OMG^O19. */
    static void write(Rewriting text) {
        new ReferralAsOrder(text).write();
    }

    private void write() {
        var msh = sent.getFirst();
        var control = CONTROL.getOrDefault(text.value(msh, 9, 1, 2, 0), "NW");
        text.setComponents(msh, 9, 1, List.of("OMG", "O19", "OMG_O19"));
        text.set(msh, 21, 0, 0, 0, "360X");

        var order = new ArrayList<Segment>();
        order.add(msh);
        order.addAll(all(Set.of("SFT")));
        order.addAll(all(OF_PATIENT).stream().filter(one -> !isVisit(one)).toList());
        order.addAll(all(OF_PATIENT).stream().filter(ReferralAsOrder::isVisit).toList());
        order.addAll(all(OF_PAYERS).stream().filter(one -> !one.name().equals("GT1")).toList());
        order.addAll(all(Set.of("GT1")));
        order.addAll(all(Set.of("AL1")));
        order.addAll(request(control, msh));
        order.addAll(prior());
        text.arrange(order);
    }

    private static boolean isVisit(Segment segment) {
        return segment.name().startsWith("PV");
    }

    private List<Segment> all(Set<String> names) {
        return sent.stream().filter(one -> names.contains(one.name())).toList();
    }

    // ------------------------------------------------------------ the order

    private List<Segment> request(String control, Segment msh) {
        var made = new ArrayList<Segment>();
        var orc = text.append("ORC");
        var obr = text.append("OBR");
        made.add(orc);
        text.set(orc, 1, 0, 0, 0, control);
        put(orc, 9, text.asSent(msh, 7, 0, 0, 0));
        text.set(obr, 1, 0, 0, 0, "1");
        var what = new ArrayList<>(REFERRAL);
        for (var rf1 : first("RF1")) {
            number(rf1, 6, orc, obr, 2);
            number(rf1, 11, orc, obr, 3);
            var timing = timing(rf1);
            if (timing != null) made.add(timing);
            what.addAll(coded(rf1, 3));
            put(obr, 31, text.asSent(rf1, 10, 0, 0, 0));
        }
        for (var service : first("PR1")) {
            while (what.size() > REFERRAL.size()) what.removeLast();
            what.addAll(coded(service, 3));
        }
        text.setComponents(obr, 4, 1, what);
        if (text.asSent(obr, 31, 0, 0, 0).isEmpty())
            for (var reason : first("DG1")) put(obr, 31, text.asSent(reason, 3, 0, 0, 0));
        var referring = providers("RP");
        if (!referring.isEmpty()) {
            provider(referring.getFirst(), orc, 12);
            provider(referring.getFirst(), obr, 16);
        }
        made.add(obr);
        made.addAll(notes());
        var to = providers("RT");
        if (!to.isEmpty()) made.add(contact(to.getFirst()));
        made.addAll(all(Set.of("DG1")));
        made.addAll(observations());
        return made;
    }

    private void put(Segment segment, int field, String sent) {
        if (!sent.isEmpty()) text.setAsSent(segment, field, 0, 0, 0, sent);
    }

    private List<Segment> first(String name) {
        return all(Set.of(name)).stream().limit(1).toList();
    }

    private List<String> coded(Segment segment, int field) {
        return List.of(
                value(text, segment, field, 1),
                value(text, segment, field, 2),
                value(text, segment, field, 3));
    }

    private void number(Segment rf1, int from, Segment orc, Segment obr, int field) {
        var number = text.asSent(rf1, from, 0, 0, 0);
        put(orc, field, number);
        put(obr, field, number);
    }

    /** From when until when it is valid, and how urgent it is; null when it does not say. */
    private @Nullable Segment timing(Segment rf1) {
        var priority = value(text, rf1, 2, 1);
        var begins = text.asSent(rf1, 7, 0, 0, 0);
        var ends = text.asSent(rf1, 8, 0, 0, 0);
        boolean known = PRIORITIES.contains(priority);
        if (begins.isEmpty() && ends.isEmpty() && !known) return null;
        var timing = text.append("TQ1");
        text.set(timing, 1, 0, 0, 0, "1");
        put(timing, 7, begins);
        put(timing, 8, ends);
        if (known) text.set(timing, 9, 0, 0, 0, priority);
        return timing;
    }

    private List<Segment> providers(String role) {
        return all(Set.of("PRD")).stream().filter(one -> roles(one).contains(role)).toList();
    }

    private Set<String> roles(Segment prd) {
        var roles = new TreeSet<String>();
        for (int i = 1; i <= text.repetitions(prd, 1); i++)
            roles.add(text.value(prd, 1, i, 1, 0).strip().toUpperCase(Locale.ROOT));
        return roles;
    }

    /** XCN of PRD-2 (XPN) and PRD-7 (PLN): the number, the six parts of the name, its type. */
    private void provider(Segment prd, Segment segment, int field) {
        component(segment, field, 1, prd, 7, 1);
        for (int part = 1; part <= 6; part++) component(segment, field, part + 1, prd, 2, part);
        component(segment, field, 13, prd, 7, 2);
    }

    private void component(Segment to, int field, int component, Segment from, int its, int at) {
        var value = text.asSent(from, its, 1, at, 0);
        if (!value.isEmpty()) text.setAsSent(to, field, 1, component, 0, value);
    }

    private Segment contact(Segment prd) {
        var contact = text.append("CTD");
        for (int field = 1; field <= FIELDS_OF_CONTACT; field++)
            put(contact, field, text.asSent(prd, field, 0, 0, 0));
        return contact;
    }

    // ------------------------------------------------------------ notes

    /** Those of the referral, then what this form has no place for. */
    private List<Segment> notes() {
        var notes = new ArrayList<Segment>();
        boolean ofResults = false;
        for (var segment : sent) {
            switch (segment.name()) {
                case "OBR", "OBX" -> ofResults = true;
                case "NTE" -> {
                    if (!ofResults) notes.add(segment);
                }
                default -> ofResults = false;
            }
        }
        var said = new ArrayList<String>();
        for (var rf1 : first("RF1")) {
            if (!all(Set.of("PR1")).isEmpty()) words("Type", rf1, 3, said);
            words("Disposition", rf1, 4, said);
            words("Category", rf1, 5, said);
        }
        all(Set.of("PR1")).stream().skip(1).forEach(one -> words("Wanted too", one, 3, said));
        for (var authorization : all(Set.of("AUT")))
            if (!value(text, authorization, 6, 1).isEmpty())
                said.add("Authorization " + value(text, authorization, 6, 1));
        var to = providers("RT");
        var from = providers("RP");
        for (var prd : all(Set.of("PRD")))
            if (from.indexOf(prd) != 0 && to.indexOf(prd) != 0) said.add(named(prd));
        var left = new TreeSet<String>();
        for (var segment : sent) if (isLeftOut(segment.name())) left.add(segment.name());
        if (!left.isEmpty())
            said.add("Not in this form of the referral: " + String.join(", ", left));
        for (var words : said) {
            var note = text.append("NTE");
            text.set(note, 3, 0, 0, 0, words);
            notes.add(note);
        }
        for (int i = 0; i < notes.size(); i++)
            text.set(notes.get(i), 1, 0, 0, 0, String.valueOf(i + 1));
        return notes;
    }

    private void words(String what, Segment segment, int field, List<String> said) {
        for (int i = 1; i <= text.repetitions(segment, field); i++) {
            var words = text.value(segment, field, i, 2, 0);
            if (words.isEmpty()) words = text.value(segment, field, i, 1, 0);
            if (!words.isEmpty()) said.add(what + ": " + words);
        }
    }

    /** {@code PP Ordway, Olga 1003000001}: a provider, never a patient. */
    private String named(Segment prd) {
        var name =
                text.value(prd, 2, 1, 1, 1)
                        + (value(text, prd, 2, 2).isEmpty() ? "" : ", " + value(text, prd, 2, 2));
        return (String.join(" ", roles(prd)) + " " + name + " " + value(text, prd, 7, 1))
                .replaceAll(" +", " ")
                .strip();
    }

    private static boolean isLeftOut(String name) {
        return !OF_PATIENT.contains(name)
                && !OF_PAYERS.contains(name)
                && !Set.of(
                                "MSH", "SFT", "RF1", "PRD", "AUT", "AL1", "DG1", "PR1", "OBR",
                                "OBX", "NTE")
                        .contains(name);
    }

    // ------------------------------------------------------------ what travels beside it

    /** OBX before any OBR, with their notes: they are about the referral itself. */
    private List<Segment> observations() {
        var made = new ArrayList<Segment>();
        for (var segment : sent) {
            if (segment.name().equals("OBR")) break;
            if (segment.name().equals("OBX")
                    || (segment.name().equals("NTE") && !made.isEmpty() && isBehind(segment, made)))
                made.add(segment);
        }
        return made;
    }

    private boolean isBehind(Segment segment, List<Segment> some) {
        return some.contains(sent.get(sent.indexOf(segment) - 1));
    }

    private List<Segment> prior() {
        var made = new ArrayList<Segment>();
        boolean ofResults = false;
        for (var segment : sent)
            switch (segment.name()) {
                case "OBR" -> {
                    if (made.isEmpty()) patient(made);
                    made.add(result(text, segment));
                    made.add(segment);
                    ofResults = true;
                }
                case "OBX" -> {
                    if (made.isEmpty()) continue; // See observations.
                    made.add(segment);
                    ofResults = true;
                }
                case "NTE" -> {
                    if (ofResults) made.add(segment);
                }
                default -> ofResults = false;
            }
        return made;
    }

    private void patient(List<Segment> made) {
        for (var pid : first("PID")) made.add(copy(text, pid));
    }

    /** The same segment once more, behind all others. */
    static Segment copy(Rewriting text, Segment segment) {
        var copy = text.append(segment.name());
        for (int field = 1; field <= MAX_FIELDS; field++) {
            var sent = text.asSent(segment, field, 0, 0, 0);
            if (!sent.isEmpty()) text.setAsSent(copy, field, 0, 0, 0, sent);
        }
        return copy;
    }

    /** ORC of an earlier result: observations follow, nothing is ordered. */
    static Segment result(Rewriting text, Segment obr) {
        var orc = text.append("ORC");
        text.set(orc, 1, 0, 0, 0, "RE");
        for (int field : new int[] {2, 3}) {
            var number = text.asSent(obr, field, 0, 0, 0);
            if (!number.isEmpty()) text.setAsSent(orc, field, 0, 0, 0, number);
        }
        return orc;
    }
}
