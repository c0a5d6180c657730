package org.chartbridge.routes;

import org.chartbridge.hl7.AnswerPlan;
import org.chartbridge.partner.ClientCertificate;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.Partner.Sender;
import org.jspecify.annotations.Nullable;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which route takes a message of one port. The sender decides first: who names application and
 * facility goes before who names the application only, who goes before {@code any}. Then the
 * certificate: a partner that names one takes messages from connections that show it and from no
 * others, and such a connection brings messages of that partner and of no other, so neither a
 * stranger nor another partner can speak in its name. Among those that are left the type decides,
 * and a route without types takes what the others leave. Never changes; a reload makes a new one.
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

        /**
         * Its sender is known, its type is not taken.
         *
         * @param partner null when several have this sender
         * @param cause for people, as above
         */
        record OtherType(@Nullable Partner partner, String cause) implements Found {}

        /**
         * Its sender is not the one that its connection's certificate belongs to.
         *
         * @param partner whose name the message bears, or whose certificate it came with
         * @param cause for people, as above; nothing of the certificate
         * @param shown the certificate, for the log
         */
        record NotTheirs(String partner, String cause, String shown) implements Found {}
    }

    /** How many characters of a name are repeated to a sender that nobody claims. */
    static final int MAX_SHOWN = 60;

    private static final Sender ANY = new Sender("any", "any");

    private final Door door;
    private final Map<Sender, List<Entry>> bySender = new HashMap<>();
    private final List<Entry> ofAny = new ArrayList<>();
    private final List<Entry> all;

    DispatchTable(Door door, Collection<Entry> entries) {
        this.door = door;
        this.all = List.copyOf(entries);
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
     *
     * @param shown what the connection showed; null for none
     */
    Found find(String application, String facility, String type, @Nullable X509Certificate shown) {
        var rank = bySender.get(new Sender(application, facility));
        if (rank == null) rank = bySender.get(new Sender(application, null));
        if (rank == null) rank = ofAny;
        var theirs = theirs(rank, shown);
        if (theirs.isEmpty() && (!rank.isEmpty() || owner(shown) != null))
            return notTheirs(rank, application, facility, shown);
        var owners = new TreeSet<String>();
        theirs.forEach(entry -> owners.add(entry.partner.folder()));
        if (owners.size() > 1 && shown != null)
            return new Found.Unclaimed(
                    "the certificate fits the partners "
                            + String.join(" and ", owners)
                            + "; name it by its SHA-256 in one of them");
        var rest = (Entry) null;
        for (var entry : theirs) {
            if (entry.route.types().contains(type)) return new Found.Claimed(entry);
            if (entry.route.types().isEmpty()) rest = entry;
        }
        // An acknowledgement runs no route: it belongs to its sender, whatever the routes take.
        if (rest == null && owners.size() == 1 && AnswerPlan.ACKNOWLEDGEMENTS.contains(type))
            rest = theirs.getFirst();
        if (rest != null) return new Found.Claimed(rest);
        if (theirs.isEmpty()) return new Found.Unclaimed(unclaimed(application, facility));
        return new Found.OtherType(
                owners.size() == 1 ? theirs.getFirst().partner : null,
                otherType(theirs, application, facility, type));
    }

    /** Those of a rank that this connection may speak for. */
    private List<Entry> theirs(List<Entry> rank, @Nullable X509Certificate shown) {
        if (all.stream().allMatch(e -> e.partner.certificates().isEmpty())) return rank;
        var owned = owner(shown) != null;
        return rank.stream()
                .filter(e -> owned ? fits(e.partner, shown) : e.partner.certificates().isEmpty())
                .toList();
    }

    /** The partner that a certificate belongs to; null when it belongs to none on this port. */
    private @Nullable Partner owner(@Nullable X509Certificate shown) {
        for (var entry : all) if (fits(entry.partner, shown)) return entry.partner;
        return null;
    }

    private static boolean fits(Partner partner, @Nullable X509Certificate shown) {
        return shown != null && partner.certificates().stream().anyMatch(c -> c.fits(shown));
    }

    private Found notTheirs(
            List<Entry> rank,
            String application,
            String facility,
            @Nullable X509Certificate shown) {
        var owner = owner(shown);
        var who = who(application, facility);
        var named = rank.isEmpty() ? null : rank.getFirst().partner;
        var cause =
                owner != null
                        ? "the connection's certificate belongs to partner "
                                + owner.folder()
                                + ", whose sender is not "
                                + who
                                + "; correct MSH-3 and MSH-4 at the sender, or sender in "
                                + owner.folder()
                                + "/partner.yaml"
                        : "sender "
                                + who
                                + " must come with the certificate of its partner"
                                + (shown == null ? ", and none was shown" : "")
                                + "; correct the sender's certificate, or certificate in "
                                + (named == null ? "" : named.folder() + "/")
                                + "partner.yaml";
        var partner = owner != null ? owner : named;
        return new Found.NotTheirs(
                partner == null ? "" : partner.folder(),
                cause,
                shown == null ? "no certificate" : ClientCertificate.shown(shown));
    }

    private String unclaimed(String application, String facility) {
        return "no partner on "
                + door
                + " claims sender "
                + who(application, facility)
                + "; add it to sender in a partner.yaml, or correct MSH-3 and MSH-4 at the"
                + " sender";
    }

    private static String who(String application, String facility) {
        return "MSH-3 \"" + shown(application) + "\" MSH-4 \"" + shown(facility) + "\"";
    }

    private String otherType(List<Entry> rank, String application, String facility, String type) {
        var entry = rank.getFirst();
        var taken = new ArrayList<String>();
        rank.forEach(e -> taken.addAll(e.route.types()));
        return "partner "
                + entry.partner.folder()
                + " (sender "
                + who(application, facility)
                + ") takes "
                + String.join(", ", taken)
                + " on "
                + door
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
        if (!a.route.door().equals(b.route.door())) return false;
        var sameTypes =
                a.route.types().isEmpty()
                        ? b.route.types().isEmpty()
                        : a.route.types().stream().anyMatch(b.route.types()::contains);
        // Of orders that are placed here, and of answers, MSH-3 decides nothing: whose they are is
        // known.
        if (a.route.door() instanceof Door.PlacedHere || a.route.door() instanceof Door.Answered)
            return sameTypes;
        return sameTypes
                && shared(a.partner, b.partner) != null
                && !toldApartByCertificate(a.partner, b.partner);
    }

    // One with and one without would leave the first open to everybody.
    private static boolean toldApartByCertificate(Partner a, Partner b) {
        return !a.certificates().isEmpty()
                && !b.certificates().isEmpty()
                && a.certificates().stream().noneMatch(b.certificates()::contains);
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
                + a.route.door();
    }
}
