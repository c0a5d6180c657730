package org.chartbridge.routes;

import org.chartbridge.hl7.Batch;
import org.chartbridge.intake.Arrival;
import org.chartbridge.intake.Reception;
import org.chartbridge.partner.EditsFile;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.screening.TableFiles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * Loads a routes folder as the engine does, and opens nothing: no port, no database, no message.
 * What it finds is what the engine would say, and what would go wrong only once ports open.
 */
public final class RoutesCheck {
    private RoutesCheck() {}

    /**
     * What there is, and what is wrong with it.
     *
     * @param ports addresses that routes listen on
     * @param faults by file and line
     */
    public record Found(int partners, int routes, List<String> ports, List<FileFault> faults) {
        public Found {
            ports = List.copyOf(ports);
            faults = List.copyOf(faults);
        }
    }

    /**
     * Checks a folder. Takes about a second, most of it Camel's start.
     *
     * @param variables what {@code ${NAME}} stands for
     * @param allowPlaintext the setting {@code chartbridge.allow-plaintext}
     */
    public static Found of(Path root, Map<String, String> variables, List<String> allowPlaintext) {
        var listeners = new Listeners(new Nobody());
        var environment = new RouteFile.Environment(variables, allowPlaintext);
        try (listeners;
                var folders =
                        new RouteFolders(
                                root,
                                environment,
                                new CamelSteps(),
                                new RunningRoutes(),
                                listeners,
                                new OutboxRoutes(_ -> 0))) {
            folders.load();
            var faults = new ArrayList<>(folders.faults());
            faults.removeAll(folders.idleRows());
            var refused = refused(root, faults);
            faults.addAll(listeners.misfits(address -> mayListen(refused, address)));
            var labs = labs(folders);
            var takers = takers(folders);
            var found = new TreeSet<>(labs.values());
            found.addAll(takers.values());
            var unsure = !faults.isEmpty();
            faults.addAll(undelivered(root, folders.plans(), found, unsure));
            if (!unsure) faults.addAll(folders.idleRows());
            faults.addAll(unused(root, folders));
            var _ = TableFiles.read(root, faults::add);
            faults.sort(
                    Comparator.comparing(FileFault::file)
                            .thenComparingInt(FileFault::line)
                            .thenComparingInt(FileFault::column));
            var partners = folders.partners();
            return new Found(
                    partners.size(),
                    partners.stream().mapToInt(p -> p.routes().size()).sum(),
                    folders.ports().stream().map(p -> p.listener()).toList(),
                    faults.stream().distinct().toList());
        }
    }

    /** The queues of those that orders can go to, by folder. */
    private static Map<String, String> labs(RouteFolders folders) {
        var labs = new TreeMap<String, String>();
        for (var state : folders.partners()) {
            var partner = state.partner();
            if (partner.orders().isLab())
                labs.put(partner.folder(), partner.folder() + "/" + partner.orders().queue());
        }
        return labs;
    }

    /** The queues of those that referrals can go to, by folder. */
    private static Map<String, String> takers(RouteFolders folders) {
        var takers = new TreeMap<String, String>();
        for (var state : folders.partners()) {
            var partner = state.partner();
            if (partner.referrals().takesAny())
                takers.put(partner.folder(), partner.folder() + "/" + partner.referrals().queue());
        }
        return takers;
    }

    /**
     * Outboxes that nothing is delivered to.
     *
     * @param ordered the queues that steps order and refer find
     * @param unsure whether files were refused, which may deliver to them all the same
     */
    private static List<FileFault> undelivered(
            Path root, List<Plan> plans, Set<String> ordered, boolean unsure) {
        var delivered = new TreeSet<String>();
        for (var plan : plans)
            if (plan instanceof RoutePlan route)
                route.delivers().forEach(step -> delivered.add(step.destination()));
        var faults = new ArrayList<FileFault>();
        for (var plan : plans) {
            if (!(plan instanceof OutboxPlan outbox)
                    || delivered.contains(outbox.destination())
                    || ordered.contains(outbox.destination())
                    || (unsure && anyFileMentions(root, "deliver:" + outbox.destination())))
                continue;
            faults.add(
                    FileFault.at(
                            outbox.file(),
                            outbox.place(),
                            "nothing delivers to " + outbox.destination(),
                            "add  - to: { uri: \"deliver:"
                                    + outbox.destination()
                                    + "\" }  to a receiving route, or remove the route"));
        }
        return faults;
    }

    /** Edit files that no step names, of folders without other faults. */
    private static List<FileFault> unused(Path root, RouteFolders folders) {
        var used = new TreeSet<String>();
        for (var plan : folders.plans())
            plan.edits().values().forEach(script -> used.add(script.file()));
        var faults = new ArrayList<FileFault>();
        for (var state : folders.partners()) {
            var name = state.partner().folder();
            if (folders.faults().stream().anyMatch(f -> f.file().startsWith(name + "/"))) continue;
            FolderFiles.read(root.resolve(name), _ -> {})
                    .ifPresent(
                            files ->
                                    EditsFile.scripts(files, _ -> {})
                                            .forEach((file, _) -> told(name, file, used, faults)));
        }
        return faults;
    }

    private static void told(String folder, String file, Set<String> used, List<FileFault> to) {
        if (used.contains(folder + "/" + file)) return;
        to.add(
                FileFault.ofFile(
                        folder + "/" + file,
                        "no step makes these edits",
                        "add  - to: { uri: \"edit:"
                                + file
                                + "\" }  to a route, or remove the file"));
    }

    /** What stands in the files of folders that something is wrong with. */
    private static List<String> refused(Path root, List<FileFault> faults) {
        var texts = new ArrayList<String>();
        for (var folder :
                faults.stream()
                        .map(FileFault::file)
                        .filter(file -> file.contains("/"))
                        .map(file -> file.substring(0, file.indexOf('/')))
                        .distinct()
                        .toList())
            try (var files = Files.list(root.resolve(folder))) {
                for (var file : files.filter(one -> one.toString().endsWith(".yaml")).toList())
                    texts.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            } catch (IOException | UncheckedIOException _) {
                // Told as a fault already.
            }
        return texts;
    }

    /** An address whose port is a variable that is not set may be any. */
    private static final Pattern UNKNOWN_PORT =
            Pattern.compile("(?:mllp|https?):\\S*\\$\\{\\w+}(?!:)");

    private static boolean mayListen(List<String> refused, Address address) {
        var named = Pattern.compile(":" + address.port() + "(?!\\d)");
        return refused.stream()
                .anyMatch(text -> named.matcher(text).find() || UNKNOWN_PORT.matcher(text).find());
    }

    private static boolean anyFileMentions(Path root, String text) {
        try (var files = Files.walk(root, 2)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .anyMatch(file -> mentions(file, text));
        } catch (IOException | UncheckedIOException _) { // Told as a fault already.
            return true;
        }
    }

    private static boolean mentions(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException _) { // Told as a fault already.
            return false;
        }
    }

    /** No port opens, so nobody is received. */
    static final class Nobody implements Reception {
        @Override
        public CompletionStage<Reply> receive(Arrival arrival) {
            return nothing();
        }

        @Override
        public CompletionStage<Reply> refuse(
                byte[] raw, String peer, String listener, Instant receivedAt, NotTaken why) {
            return nothing();
        }

        @Override
        public CompletionStage<Long> keepEnvelope(
                Batch batch, String peer, String listener, Instant receivedAt) {
            return CompletableFuture.failedFuture(new NothingPromised("only a check"));
        }

        @Override
        public void keepStray(
                String listener,
                String peer,
                Instant receivedAt,
                String cause,
                long totalBytes,
                byte[] excerpt) {}

        private static CompletionStage<Reply> nothing() {
            return CompletableFuture.failedFuture(new NothingPromised("only a check"));
        }
    }
}
