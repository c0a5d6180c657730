package org.chartbridge.routes;

import org.chartbridge.delivery.Outboxes.Made;
import org.chartbridge.delivery.RehearsedOrders;
import org.chartbridge.hl7.Header;
import org.chartbridge.intake.RouteRunner;
import org.chartbridge.ordering.Choice;
import org.chartbridge.ordering.Ordering;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.Partner;
import org.chartbridge.routes.DispatchTable.Entry;
import org.chartbridge.routes.DispatchTable.Found;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A routes folder in which no port opens and nothing is sent: its routes are run by hand, for tests
 * beside them. Loaded as the engine loads it; names from the environment that are not set here have
 * a stand-in.
 */
public final class Rehearsing implements AutoCloseable {
    private final Listeners listeners = new Listeners(new RoutesCheck.Nobody());
    private final RunningRoutes runner = new RunningRoutes();
    private final OutboxRoutes outboxes = new OutboxRoutes(_ -> 0);
    private final RehearsedOrders orders = new RehearsedOrders();
    private final RouteFolders folders;

    /** Loads a folder. Takes about a second, most of it Camel's start. */
    public Rehearsing(Path root, Map<String, String> variables) {
        folders =
                new RouteFolders(
                        root,
                        new RouteFile.Environment(FoldersAgain.present(variables), names(root)),
                        new CamelSteps(orders),
                        runner,
                        listeners,
                        outboxes);
        folders.load();
    }

    private static List<String> names(Path root) {
        try (var all = Files.list(root)) {
            return all.map(folder -> String.valueOf(folder.getFileName())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the routes folder can't be read", e);
        }
    }

    /** Who takes a message. */
    public sealed interface Taker {
        record By(Partner partner, String route) implements Taker {}

        /**
         * Nobody does.
         *
         * @param why for people, with the remedy
         */
        record Nobody(String why) implements Taker {}
    }

    public RouteRunner runner() {
        return runner;
    }

    /** Where orders went that were played: a change or a cancel goes there. */
    public RehearsedOrders orders() {
        return orders;
    }

    /** What keeps a folder, or a file of it, from running. */
    public List<FileFault> faults(String partner) {
        var idle = folders.idleRows();
        return folders.faults().stream()
                .filter(f -> !idle.contains(f))
                .filter(f -> f.file().equals(partner) || f.file().startsWith(partner + "/"))
                .toList();
    }

    /** The route that takes a message which arrives at one of a partner's ports. */
    public Taker taker(String partner, byte[] raw) {
        var header = Header.read(raw).orElse(null);
        if (header == null)
            return new Taker.Nobody("it does not begin with MSH and its delimiters");
        var all = folders.dispatched();
        var its = all.stream().filter(e -> e.partner().folder().equals(partner)).toList();
        if (its.isEmpty())
            return new Taker.Nobody(partner + " has no receiving route: nothing takes messages");
        var reasons = new ArrayList<String>();
        for (var door : its.stream().map(e -> e.route().door()).distinct().toList()) {
            // Whoever has a certificate is taken at its word: there is no connection to show one.
            boolean bound = !its.getFirst().partner().certificates().isEmpty();
            var there = (bound ? its : all).stream().filter(e -> fits(e, door)).toList();
            var found =
                    new DispatchTable(door, there)
                            .find(
                                    header.sendingApplication().namespace(),
                                    header.sendingFacility().namespace(),
                                    header.messageCode(),
                                    null);
            switch (found) {
                case Found.Claimed(var entry) when entry.partner().folder().equals(partner) -> {
                    return new Taker.By(entry.partner(), entry.route().id());
                }
                case Found.Claimed(var entry) ->
                        reasons.add(
                                "it goes to "
                                        + entry.partner().folder()
                                        + ", whose sender fits better; correct MSH-3 and MSH-4, or"
                                        + " sender in "
                                        + partner
                                        + "/partner.yaml");
                case Found.Unclaimed(var cause) -> reasons.add(cause);
                case Found.OtherType(_, var cause) -> reasons.add(cause);
                case Found.NotTheirs(_, var cause, _) when bound -> {
                    for (var entry : there)
                        if (entry.route().types().isEmpty()
                                || entry.route().types().contains(header.messageCode()))
                            return new Taker.By(entry.partner(), entry.route().id());
                    reasons.add(cause);
                }
                case Found.NotTheirs(_, var cause, _) -> reasons.add(cause);
            }
        }
        return new Taker.Nobody(String.join("; ", reasons));
    }

    /**
     * The route of another partner that takes a message: what a laboratory answers to an order
     * stands behind it in one file. Whoever takes everybody's messages takes none of these.
     */
    public Taker another(byte[] raw) {
        var takers =
                folders.dispatched().stream()
                        .map(Entry::partner)
                        .filter(partner -> !partner.senders().isEmpty())
                        .map(Partner::folder)
                        .distinct()
                        .map(folder -> taker(folder, raw))
                        .filter(Taker.By.class::isInstance)
                        .toList();
        return takers.size() == 1
                ? takers.getFirst()
                : new Taker.Nobody(
                        takers.isEmpty()
                                ? "no partner takes it by MSH-3 and MSH-4"
                                : "several partners take it");
    }

    private Made toPlace(byte[] body, String sender) {
        var partners = folders.partners().stream().map(state -> state.partner()).toList();
        var ordering = new Ordering(() -> partners, orders);
        return partners.stream()
                .filter(partner -> partner.folder().equals(sender))
                .findFirst()
                .flatMap(partner -> ordering.waiting(body, partner))
                .filter(waiting -> waiting.choice() instanceof Choice.Nobody)
                .map(waiting -> (Choice.Nobody) waiting.choice())
                .map(why -> new Made.Failed("a person: " + why.cause() + "; " + why.remedy()))
                .orElseGet(() -> new Made.Failed("a person has to look at it"));
    }

    private static boolean fits(Entry entry, Door door) {
        return entry.route().door().equals(door);
    }

    /**
     * What an outbox route makes of a body.
     *
     * @param sender the partner whose message caused it
     */
    public Made sent(String destination, byte[] body, String sender) {
        if (destination.equals(Ordering.toPlace(sender))) return toPlace(body, sender);
        return outboxes.find(destination)
                .map(outbox -> outbox.make(body, sender))
                .orElseGet(
                        () ->
                                new Made.Failed(
                                        "no route takes deliveries of "
                                                + destination
                                                + "; add  from: { uri: \"outbox:"
                                                + destination
                                                + "\" }  to "
                                                + destination.replaceFirst("/.*", "")));
    }

    @Override
    public void close() {
        folders.close();
        listeners.close();
    }
}
