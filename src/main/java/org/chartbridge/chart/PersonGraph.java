package org.chartbridge.chart;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Which records are one person: the connected sets of records under the assertions that hold
 * (HL7-RULES §6). Depends on the set of assertions only, never on the order in which they came. Of
 * links and unlinks between the same two records the later word stands; a merge is undone by a
 * person only.
 *
 * <p>Records that a person split off are never in one set with those they were split from, over
 * whatever others: what would join them, in the order in which it was said, joins nobody.
 *
 * <p>The set has the UUID of the record that stays after all merges; of several the one with the
 * smallest key. Each record keeps a UUID of its own, so that taking an assertion back gives every
 * record the person it had.
 */
final class PersonGraph {

    /**
     * A record.
     *
     * @param ownPerson the person that it is by itself
     */
    record Node(long id, RecordKey key, long edition, UUID ownPerson) {

        static final Comparator<Node> BY_KEY =
                Comparator.comparing(Node::key)
                        .thenComparingLong(Node::edition)
                        .thenComparingLong(Node::id);

        @Override
        public String toString() {
            return "Node[" + id + "]";
        }
    }

    private record Pair(long one, long other) {
        static Pair of(Assertion assertion) {
            return new Pair(
                    Math.min(assertion.record(), assertion.other()),
                    Math.max(assertion.record(), assertion.other()));
        }
    }

    /**
     * What follows from assertions.
     *
     * @param persons of each record
     * @param overruled merges and links that join nobody, each with the decision that keeps its
     *     records apart
     */
    record Arranged(Map<Long, UUID> persons, Map<Long, Long> overruled) {}

    private final Map<Long, Node> nodes = new HashMap<>();
    private final Map<Long, Set<Long>> neighbours = new HashMap<>();
    private final Set<Long> gone = new HashSet<>();
    private final Map<Long, Long> overruled = new HashMap<>();

    private PersonGraph(Collection<Node> all, Collection<Assertion> assertions) {
        for (var node : all) nodes.put(node.id(), node);
        var links = new HashMap<Pair, Assertion>();
        var joining = new ArrayList<Assertion>();
        var apart = new ArrayList<Assertion>();
        for (var assertion : assertions) {
            switch (assertion.kind()) {
                case MERGED -> joining.add(assertion);
                case LINKED, UNLINKED ->
                        links.merge(
                                Pair.of(assertion),
                                assertion,
                                (one, two) -> one.said().isAfter(two.said()) ? one : two);
                case MOVED, FILED -> {} // A visit or report changes whose it is; nobody who it is.
                case APART -> apart.add(assertion);
            }
        }
        for (var link : links.values()) if (link.kind() == Assertion.Kind.LINKED) joining.add(link);
        if (!apart.isEmpty()) {
            apart.sort(Comparator.comparingLong(Assertion::entryId));
            joining.sort(Comparator.comparing(Assertion::said));
        }
        for (var assertion : joining) join(assertion, apart);
    }

    /** Joins two records, unless somebody among those each is joined to is kept apart. */
    private void join(Assertion assertion, List<Assertion> apart) {
        if (!apart.isEmpty()) {
            var ones = reached(assertion.record());
            var others = reached(assertion.other());
            for (var pair : apart)
                if (isBetween(pair, ones, others)) {
                    overruled.put(assertion.id(), pair.entryId());
                    return;
                }
        }
        if (assertion.kind() == Assertion.Kind.MERGED) gone.add(assertion.record());
        neighbours.computeIfAbsent(assertion.record(), _ -> new HashSet<>()).add(assertion.other());
        neighbours.computeIfAbsent(assertion.other(), _ -> new HashSet<>()).add(assertion.record());
    }

    private static boolean isBetween(Assertion pair, Set<Long> ones, Set<Long> others) {
        return (ones.contains(pair.record()) && others.contains(pair.other()))
                || (ones.contains(pair.other()) && others.contains(pair.record()));
    }

    /**
     * The person of each record, and what joins nobody because a person said otherwise.
     *
     * @param assertions those that nobody took back, about these records
     */
    static Arranged arrange(Collection<Node> nodes, Collection<Assertion> assertions) {
        var graph = new PersonGraph(nodes, assertions);
        var persons = new HashMap<Long, UUID>();
        for (var node : nodes) {
            if (persons.containsKey(node.id())) continue;
            var set = graph.connected(node);
            var leader = graph.leader(set).ownPerson();
            for (var member : set) persons.put(member.id(), leader);
        }
        return new Arranged(persons, graph.overruled);
    }

    /** Whether a person keeps these two apart, or any that they are one patient with. */
    static boolean areApart(long one, long other, Collection<Assertion> assertions) {
        var graph = ofJoining(assertions.stream());
        var ones = graph.reached(one);
        var others = graph.reached(other);
        return assertions.stream()
                .anyMatch(a -> a.kind() == Assertion.Kind.APART && isBetween(a, ones, others));
    }

    /** What joins by itself; what was overruled is known already. */
    private static PersonGraph ofJoining(Stream<Assertion> assertions) {
        return new PersonGraph(
                List.of(),
                assertions
                        .filter(a -> a.overruledBy() == null && a.kind() != Assertion.Kind.APART)
                        .toList());
    }

    /** Whether one record went into another, directly or over others. */
    static boolean wentInto(long record, long other, Collection<Assertion> assertions) {
        var seen = new HashSet<Long>();
        var next = List.of(record);
        while (!next.isEmpty()) {
            if (next.contains(other)) return true;
            seen.addAll(next);
            var from = next;
            next =
                    assertions.stream()
                            .filter(a -> a.kind() == Assertion.Kind.MERGED && a.joins())
                            .filter(a -> from.contains(a.record()) && !seen.contains(a.other()))
                            .map(Assertion::other)
                            .toList();
        }
        return false;
    }

    /** Whether two records stay joined by others when nothing links them directly. */
    static boolean areJoinedByOthers(long one, long other, Collection<Assertion> assertions) {
        var pair = new Pair(Math.min(one, other), Math.max(one, other));
        return ofJoining(assertions.stream().filter(a -> !Pair.of(a).equals(pair)))
                .reached(one)
                .contains(other);
    }

    private Set<Long> reached(long start) {
        var seen = new HashSet<Long>();
        var next = new TreeSet<>(Set.of(start));
        while (!next.isEmpty()) {
            var id = next.pollFirst();
            if (seen.add(id)) next.addAll(neighbours.getOrDefault(id, Set.of()));
        }
        return seen;
    }

    private Set<Node> connected(Node start) {
        var found = new TreeSet<>(Node.BY_KEY);
        var next = new TreeSet<>(Set.of(start.id()));
        while (!next.isEmpty()) {
            var node = nodes.get(next.pollFirst());
            if (node == null || !found.add(node)) continue;
            next.addAll(neighbours.getOrDefault(node.id(), Set.of()));
        }
        return found;
    }

    private Node leader(Set<Node> set) {
        return set.stream()
                .filter(node -> !gone.contains(node.id()))
                .findFirst()
                // A ring of merges, which only decisions could have made: the smallest key leads.
                .orElseGet(() -> set.iterator().next());
    }
}
