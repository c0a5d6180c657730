package org.chartbridge.ordering;

import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Rewriting;
import org.chartbridge.hl7.Rewriting.Segment;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The orders of a message: one for each OBR, with the ORC that governs it (HL7 v2.5.1 §4.4.1; one
 * ORC may govern several) and what stands below it. What stands before the first belongs to all.
 *
 * <p>Earlier results that are sent along ({@code PATIENT_PRIOR}: another PID, or ORC-1 RE among
 * orders; §4.4.6) are no orders ⚠. They go with the order that they stand behind.
 *
 * <p>Insurances and guarantors are the patient's, and stand before the orders (ORM^O01, OML^O21).
 * Behind one of several orders, and nowhere else, they are sent all the same: they belong to all.
 */
final class OrderGroups {
    private static final List<Set<String>> OF_THE_PATIENT =
            List.of(Set.of("IN1", "IN2", "IN3"), Set.of("GT1"));

    private final List<Head> heads = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();

    /**
     * An ORC, and what stands between it and its first OBR.
     *
     * @param orc null for the OBR that has none before it
     */
    record Head(@Nullable Segment orc, List<Segment> lead, List<Group> groups) {}

    /**
     * One order.
     *
     * @param obr null where the ORC stands for the order: a cancel may name it by its number alone
     * @param tail what stands below the OBR
     * @param prior earlier results behind it
     */
    record Group(Head head, @Nullable Segment obr, List<Segment> tail, List<Segment> prior) {

        Group(Head head, @Nullable Segment obr) {
            this(head, obr, new ArrayList<>(), new ArrayList<>());
        }

        /** Whether its ORC is about this OBR alone. */
        boolean isAlone() {
            return head.groups().size() == 1;
        }
    }

    static OrderGroups of(Rewriting text) {
        var found = new OrderGroups();
        Head head = null;
        Group group = null;
        boolean prior = false;
        boolean patient = false;
        boolean onlyResults = onlyResults(text);
        for (var segment : text.segments()) {
            if (segment.name().equals("PID")) {
                prior = patient;
                patient = true;
            } else if (segment.name().equals("ORC")) {
                boolean result = control(text, segment).equals("RE");
                prior = result && !onlyResults && (prior || group != null || head != null);
            }
            if (prior && group != null) {
                group.prior().add(segment);
                continue;
            }
            switch (segment.name()) {
                case "ORC" -> {
                    head = found.head(segment);
                    group = null;
                }
                case "OBR" -> {
                    if (head == null) head = found.head(null);
                    group = new Group(head, segment);
                    head.groups().add(group);
                }
                default -> {
                    if (group != null) group.tail().add(segment);
                    else if (head != null) head.lead().add(segment);
                }
            }
        }
        for (var each : found.heads) {
            if (each.groups().isEmpty() && each.lead().stream().noneMatch(OrderGroups::isDetail))
                each.groups().add(new Group(each, null));
            found.groups.addAll(each.groups());
        }
        for (var names : OF_THE_PATIENT) found.share(names, text);
        return found;
    }

    private void share(Set<String> names, Rewriting text) {
        var all =
                text.segments().stream()
                        .filter(segment -> names.contains(segment.name()))
                        .collect(Collectors.toSet());
        if (all.isEmpty()) return;
        for (var group : groups) if (group.tail().containsAll(all)) group.tail().removeAll(all);
        for (var head : heads) if (head.lead().containsAll(all)) head.lead().removeAll(all);
    }

    /** Where all orders say RE, none of them is an earlier result. */
    static boolean onlyResults(Rewriting text) {
        return text.segments().stream()
                .filter(segment -> segment.name().equals("ORC"))
                .allMatch(orc -> control(text, orc).equals("RE"));
    }

    static String control(Rewriting text, Segment orc) {
        return text.value(orc, 1, 1, 1, 0).toUpperCase(Locale.ROOT);
    }

    /** Medication, diets and supplies are ordered in other segments, and from others. */
    private static boolean isDetail(Segment segment) {
        return segment.name().startsWith("RX")
                || segment.name().startsWith("RQ")
                || segment.name().startsWith("OD");
    }

    private Head head(@Nullable Segment orc) {
        var head = new Head(orc, new ArrayList<>(), new ArrayList<>());
        heads.add(head);
        return head;
    }

    /** Where the ORC and OBR of a message stand. */
    static Map<Segment, Location> places(Rewriting text) {
        var places = new IdentityHashMap<Segment, Location>();
        int orc = 0;
        int obr = 0;
        for (var segment : text.segments())
            switch (segment.name()) {
                case "ORC" -> places.put(segment, Location.of("ORC", ++orc));
                case "OBR" -> places.put(segment, Location.of("OBR", ++obr));
                default -> {}
            }
        return places;
    }

    List<Group> all() {
        return groups;
    }

    /** The segments of all orders but some. */
    Set<Segment> allBut(Set<Integer> ordinals) {
        var kept = Collections.newSetFromMap(new IdentityHashMap<Group, Boolean>());
        for (int ordinal : ordinals) kept.add(groups.get(ordinal));
        var others = new HashSet<Segment>();
        for (var head : heads) {
            if (head.groups().stream().noneMatch(kept::contains)) {
                if (head.orc() != null) others.add(head.orc());
                others.addAll(head.lead());
            }
            for (var group : head.groups()) {
                if (kept.contains(group)) continue;
                if (group.obr() != null) others.add(group.obr());
                others.addAll(group.tail());
                others.addAll(group.prior());
            }
        }
        return others;
    }
}
