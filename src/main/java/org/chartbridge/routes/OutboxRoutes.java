package org.chartbridge.routes;

import org.chartbridge.delivery.Endpoint;
import org.chartbridge.delivery.Outboxes;
import org.chartbridge.hl7.Rewriting;
import org.chartbridge.ordering.ReceiversNumber;
import org.chartbridge.partner.Login;
import org.chartbridge.partner.OwnNumber;
import org.chartbridge.partner.Partner;

import java.nio.charset.Charset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** The outbox routes that run, by destination. */
final class OutboxRoutes implements Outboxes {
    private final ToLongFunction<String> waiting;
    private final Enclosing enclosing;
    private final Naming naming;
    private volatile Map<String, Route> routes = Map.of();
    private volatile Map<String, Charset> senders = Map.of();
    private volatile Runnable changed = () -> {};

    /**
     * @param waiting how many deliveries wait for a destination
     */
    OutboxRoutes(ToLongFunction<String> waiting) {
        this(
                waiting,
                (_, _, body, _) -> body,
                (wanted, _, body, charset) -> ReceiversNumber.withStandIn(wanted, body, charset));
    }

    /**
     * @param enclosing puts into a body what its receiver is to get besides
     * @param naming names the patient by the receiver's own number
     */
    OutboxRoutes(ToLongFunction<String> waiting, Enclosing enclosing, Naming naming) {
        this.waiting = waiting;
        this.enclosing = enclosing;
        this.naming = naming;
    }

    /** Puts into a body what its receiver is to get besides; mostly nothing. */
    interface Enclosing {
        byte[] with(String destination, long entryId, byte[] body, Charset charset);
    }

    /** Names the patient by the receiver's own number. */
    interface Naming {
        byte[] with(OwnNumber wanted, long entryId, byte[] body, Charset charset);
    }

    /** One of them, as it runs. */
    record Route(Partner partner, OutboxPlan plan, Running running, SendingTls tls) {}

    /**
     * Says all that run.
     *
     * @param charsets by partner, of all partners: what their messages without MSH-18 are read by
     */
    void use(List<Route> running, Map<String, Charset> charsets) {
        senders = Map.copyOf(charsets);
        var newer = new TreeMap<String, Route>();
        for (var route : running) newer.put(route.plan().destination(), route);
        if (newer.equals(routes)) return;
        routes = newer;
        changed.run();
    }

    /** Calls back, from any thread, when a route is there that was not. */
    void onChange(Runnable listener) {
        changed = listener;
    }

    long waiting(String destination) {
        return waiting.applyAsLong(destination);
    }

    @Override
    public Collection<String> destinations() {
        return routes.keySet();
    }

    @Override
    public Optional<Outbox> find(String destination) {
        return Optional.ofNullable(routes.get(destination))
                .map(route -> new Newest(destination, route));
    }

    /** Runs the newest version, and remembers what the one that was found said. */
    private final class Newest implements Outbox {
        private final String destination;
        private final Route found;

        Newest(String destination, Route found) {
            this.destination = destination;
            this.found = found;
        }

        @Override
        public int window() {
            return found.plan().window();
        }

        @Override
        public boolean deduplicates() {
            return found.partner().deduplicates();
        }

        @Override
        public Charset charset() {
            return found.partner().charset();
        }

        @Override
        public Security security(Endpoint endpoint) {
            // Certificates are exchanged under a drain that may last for hours.
            var newest = routes.getOrDefault(destination, found);
            return newest.tls().of(newest.partner(), endpoint);
        }

        @Override
        public Optional<Login> login() {
            var newest = routes.getOrDefault(destination, found);
            return newest.tls().login(newest.partner());
        }

        @Override
        public Made make(byte[] body, String sender, long entryId) {
            var charset = senders.getOrDefault(sender, found.partner().charset());
            try {
                var enclosed = enclosing.with(destination, entryId, body, charset);
                return run(named(enclosed, entryId, charset), sender);
            } catch (ReceiversNumber.NotKnown e) {
                return new Made.Failed(String.valueOf(e.getMessage()), true);
            } catch (Rewriting.NotWritten e) {
                return new Made.Failed(
                        "the chart can't be added: "
                                + e.getMessage()
                                + "; take less of it along (referrals: chart in "
                                + found.partner().folder()
                                + "/partner.yaml)",
                        true);
            }
        }

        private byte[] named(byte[] body, long entryId, Charset charset) {
            var wanted = routes.getOrDefault(destination, found).plan().patientId();
            return wanted == null ? body : naming.with(wanted, entryId, body, charset);
        }

        @Override
        public Made make(byte[] body, String sender) {
            return make(body, sender, 0);
        }

        private Made run(byte[] body, String sender) {
            while (true) {
                var route = routes.get(destination);
                if (route == null)
                    return new Made.Failed(
                            "no route takes deliveries of "
                                    + destination
                                    + "; restore it in routes/"
                                    + destination.replaceFirst("/.*", ""));
                var charset = senders.getOrDefault(sender, route.partner().charset());
                // Empty when a newer version took its place since.
                var made = route.running().make(body, charset);
                if (made.isPresent()) return made.get();
            }
        }
    }
}
