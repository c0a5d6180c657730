package org.chartbridge.routes;

import org.chartbridge.partner.Partner;
import org.chartbridge.partner.Partner.Sender;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which route takes a message of one port. The sender decides first: who names application and
 * facility goes before who names the application only, who goes before {@code any}. Among those of
 * one rank the type decides, and a route without types takes what the others leave. Never changes;
 * a reload makes a new one.
 */
final class DispatchTable {

    /** A partner's route on this port. */
    record Entry(Partner partner, RoutePlan route) {}

    /** Who takes a message. */
    sealed interface Found {

        record Claimed(Entry entry) implements Found {}

        /**
         * Nobody takes it.
         *
         * @param cause for people: who sent it, and what to write so that it is taken
         */
        record Unclaimed(String cause) implements Found {}
    }

    /** How many characters of a name are repeated to a sender that nobody claims. */
    static final int MAX_SHOWN = 60;

    private static final Sender ANY = new Sender("any", "any");

    private final Address address;
    private final Map<Sender, List<Entry>> bySender = new HashMap<>();
    private final List<Entry> ofAny = new ArrayList<>();

    DispatchTable(Address address, Collection<Entry> entries) {
        this.address = address;
        for (var entry : entries) {
            if (entry.partner.senders().isEmpty()) ofAny.add(entry);
            for (var sender : entry.partner.senders()) {
                bySender.computeIfAbsent(sender, _ -> new ArrayList<>()).add(entry);
            }
        }
    }

    /**
     * Finds the route of a message by MSH-3.1, MSH-4.1 and MSH-9.1, which are compared letter by
     * letter.
     */
    Found find(String application, String facility, String type) {
        var rank = bySender.get(new Sender(application, facility));
        if (rank == null) rank = bySender.get(new Sender(application, null));
        if (rank == null) rank = ofAny;
        var rest = (Entry) null;
        for (var entry : rank) {
            if (entry.route.types().contains(type)) return new Found.Claimed(entry);
            if (entry.route.types().isEmpty()) rest = entry;
        }
        return rest != null
                ? new Found.Claimed(rest)
                : new Found.Unclaimed(unclaimed(rank, application, facility, type));
    }

    private String unclaimed(List<Entry> rank, String application, String facility, String type) {
        var who = "MSH-3 \"" + shown(application) + "\" MSH-4 \"" + shown(facility) + "\"";
        if (rank.isEmpty()) {
            return "no partner on "
                    + address
                    + " claims sender "
                    + who
                    + "; add it to sender in a partner.yaml, or correct MSH-3 and MSH-4 at the"
                    + " sender";
        }
        var entry = rank.getFirst();
        var taken = new ArrayList<String>();
        rank.forEach(e -> taken.addAll(e.route.types()));
        return "partner "
                + entry.partner.folder()
                + " (sender "
                + who
                + ") takes "
                + String.join(", ", taken)
                + " on "
                + address
                + ", not MSH-9 \""
                + shown(type)
                + "\"; add it to types in "
                + entry.route.file();
    }

    // What a stranger sends goes back in the answer: bounded, and nothing that ends a frame.
    private static String shown(String sent) {
        var text = sent.replaceAll("\\p{Cntrl}", "?");
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }

    /** The first of some routes that claims the same messages of the same port as another. */
    static Optional<Entry> rival(Entry entry, Collection<Entry> others) {
        return others.stream().filter(other -> rivals(entry, other)).findFirst();
    }

    private static boolean rivals(Entry a, Entry b) {
        if (!a.route.address().equals(b.route.address())) return false;
        var sameTypes =
                a.route.types().isEmpty()
                        ? b.route.types().isEmpty()
                        : a.route.types().stream().anyMatch(b.route.types()::contains);
        return sameTypes && shared(a.partner, b.partner) != null;
    }

    /** A sender that both claim; null when there is none. */
    static @Nullable Sender shared(Partner a, Partner b) {
        if (a.senders().isEmpty() && b.senders().isEmpty()) return ANY;
        return a.senders().stream().filter(b.senders()::contains).findFirst().orElse(null);
    }

    /** What two rivals both claim, for their fault. */
    static String claim(Entry a, Entry b) {
        var sender = shared(a.partner, b.partner);
        var types = new ArrayList<>(a.route.types());
        types.retainAll(b.route.types());
        return (types.isEmpty() ? "every type" : String.join(", ", types))
                + " of "
                + (sender == null || a.partner.senders().isEmpty()
                        ? "any sender"
                        : "MSH-3 \""
                                + sender.application()
                                + "\""
                                + (sender.facility() == null
                                        ? ""
                                        : " MSH-4 \"" + sender.facility() + "\""))
                + " on "
                + a.route.address();
    }
}
