package org.chartbridge.routes;

import org.chartbridge.intake.PartnersInService;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Nearest;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.routes.DispatchTable.Entry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The routes folder: loads every partner's folder, notices new and changed ones, and knows what of
 * it runs.
 *
 * <pre>
 *  files seen twice alike ─► partner.yaml ─► each route file: RouteFile ─► rivals? ─► Camel, aside
 *                                                                                        │
 *        old versions drain and end ◄── ports dispatch to the new ◄── new versions ready ◄┘
 * </pre>
 *
 * <p>When a folder loads for the first time, a bad file is refused and the others run. When one
 * that runs has changed, it is all or nothing: with any fault what ran goes on, since each entry
 * names the folder's version that it ran with.
 */
final class RouteFolders implements RoutesOverview, PartnersInService, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RouteFolders.class);

    /** Folders beyond are refused, in the order of their names. */
    static final int MAX_PARTNERS = 1_000;

    private final Path root;
    private final RouteFile.Environment environment;
    private final CamelSteps camel;
    private final RunningRoutes runner;
    private final Listeners listeners;
    private final OutboxRoutes outboxes;
    private final PortsWatch portsFile;
    private final SendingTls sending;

    private final Map<String, Folder> folders = new TreeMap<>();
    private List<FileFault> rootFaults = List.of();

    // What screens are shown: they don't wait while something loads.
    private volatile List<PartnerState> shownPartners = List.of();
    private volatile List<FileFault> shownFaults = List.of();

    /** What is known of one folder. */
    private static final class Folder {
        /** Names, sizes and times of its files when it was looked at last. */
        String seen = "";

        /** The same when it was read last; null to read it again. */
        @Nullable String read;

        /** Whether it has disappeared, and goes on because deliveries wait for it. */
        boolean missing;

        @Nullable Loaded loaded;
        List<FileFault> faults = List.of();

        /** The destinations that its files name as outboxes, whether they load or not. */
        Set<String> announced = Set.of();
    }

    /** A version of a partner that runs. */
    private record Loaded(Partner partner, Instant at, List<Running> routes) {
        /** Ids of all routes, by the plans that have them. */
        List<Plan> plans() {
            return routes.stream().map(Running::plan).toList();
        }

        List<Entry> entries() {
            return routes.stream()
                    .flatMap(r -> r.plan() instanceof RoutePlan p ? Stream.of(p) : Stream.empty())
                    .map(plan -> new Entry(partner, plan))
                    .toList();
        }

        List<OutboxPlan> outboxes() {
            return routes.stream()
                    .flatMap(r -> r.plan() instanceof OutboxPlan p ? Stream.of(p) : Stream.empty())
                    .toList();
        }
    }

    RouteFolders(
            Path root,
            RouteFile.Environment environment,
            CamelSteps camel,
            RunningRoutes runner,
            Listeners listeners,
            OutboxRoutes outboxes) {
        this.root = root;
        this.environment = environment;
        this.camel = camel;
        this.runner = runner;
        this.listeners = listeners;
        this.outboxes = outboxes;
        this.portsFile = new PortsWatch(root, environment.variables());
        this.sending = new SendingTls(root, environment.allowPlaintext());
    }

    /** Loads everything there is. */
    synchronized void load() {
        camel.start();
        portsFile.load().ifPresentOrElse(listeners::use, listeners::withhold);
        var names = look();
        for (var name : names) folder(name).announced = announced(name);
        for (var name : names) {
            var folder = folder(name);
            folder.seen = signature(name);
            load(name, folder);
        }
        listeners.dispatch(entries());
        show();
    }

    /** Before ports open: none does while {@code ports.yaml} is being written. */
    synchronized void beforeOpening() {
        if (portsFile.isChanging()) listeners.withhold();
    }

    /**
     * Loads what has changed since the last call and was then already as it is now: a file that is
     * being written is left alone until the next call. Faults never leave this method.
     */
    synchronized void refresh() {
        portsFile.refresh().ifPresent(listeners::use);
        var names = look();
        var changed = new ArrayList<String>();
        for (var name : names) {
            var folder = folder(name);
            if (folder.missing) folder.read = null; // It is back, and its fault is to go.
            folder.missing = false;
            var signature = signature(name);
            var stable = signature.equals(folder.seen);
            folder.seen = signature;
            if (stable && !signature.equals(folder.read)) changed.add(name);
        }
        for (var name : changed) folder(name).announced = announced(name);
        for (var name : changed) load(name, folder(name));
        var gone = folders.keySet().stream().filter(n -> !names.contains(n)).toList();
        for (var name : gone) {
            var folder = folder(name);
            if (isWaitedFor(name, folder)) continue;
            folders.remove(name);
            if (folder.loaded != null) {
                log.atInfo().addKeyValue("partner", name).log("folder removed, partner stopped");
                replace(folder, null);
            }
        }
        // A claim or an id that stood in another's way may be free now.
        if (!changed.isEmpty() || !gone.isEmpty())
            folders.forEach(
                    (name, f) -> {
                        if (!f.faults.isEmpty() && !f.missing) load(name, f);
                    });
        listeners.refresh();
        sending.refresh();
        show();
    }

    private Folder folder(String name) {
        return folders.computeIfAbsent(name, _ -> new Folder());
    }

    private List<String> look() {
        var faults = new ArrayList<FileFault>();
        var names = new ArrayList<String>();
        try (var all = Files.list(root)) {
            for (var path : all.filter(p -> !FolderFiles.isLeftover(p)).sorted().toList()) {
                var name = String.valueOf(path.getFileName());
                if (Files.isDirectory(path)) names.add(name);
                else if (!name.equals(PortsFile.NAME)
                        && (name.endsWith(".yaml") || name.endsWith(".yml"))) {
                    faults.add(
                            FileFault.ofFile(
                                    name,
                                    "a file outside a partner's folder",
                                    "move it into the folder of its partner"));
                }
            }
        } catch (IOException e) {
            faults.add(
                    FileFault.ofFile(
                            root.toAbsolutePath().normalize().toString(),
                            "the routes folder can't be read ("
                                    + e.getClass().getSimpleName()
                                    + ")",
                            "create it, or name another by the setting chartbridge.routes"));
        }
        if (names.size() > MAX_PARTNERS) {
            faults.add(
                    FileFault.ofFile(
                            names.get(MAX_PARTNERS),
                            names.size() + " partners",
                            "wanted at most "
                                    + MAX_PARTNERS
                                    + "; this folder and later ones are left"
                                    + " out"));
            names.subList(MAX_PARTNERS, names.size()).clear();
        }
        var _ = tellNew("routes", rootFaults, faults);
        rootFaults = List.copyOf(faults);
        return names;
    }

    private String signature(String name) {
        var signature = new StringBuilder();
        try {
            for (var file : FolderFiles.list(root.resolve(name))) {
                signature
                        .append(file.getFileName())
                        .append(' ')
                        .append(Files.size(file))
                        .append(' ')
                        .append(Files.getLastModifiedTime(file))
                        .append('\n');
            }
            return signature.toString();
        } catch (IOException e) {
            return "unreadable: " + e.getClass().getName();
        }
    }

    private void load(String name, Folder folder) {
        var faults = new ArrayList<FileFault>();
        var before = folder.loaded;
        var loaded = compile(name, before != null, faults);
        folder.read = folder.seen;
        var news = tellNew(name, folder.faults, faults);
        folder.faults = List.copyOf(faults);
        if (loaded.isEmpty()) {
            if (before != null && news) {
                log.atWarn().addKeyValue("partner", name).log("what ran before goes on");
            }
            return;
        }
        replace(folder, loaded.get());
        log.atInfo()
                .addKeyValue("partner", name)
                .addKeyValue("routes", loaded.get().routes.size())
                .addKeyValue("version", loaded.get().partner.version())
                .log(before == null ? "partner loaded" : "partner loaded anew");
    }

    /** The folder's routes, started aside; empty when nothing of it is to run. */
    private Optional<Loaded> compile(String name, boolean whole, List<FileFault> faults) {
        var files = FolderFiles.read(root.resolve(name), faults::add).orElse(null);
        if (files == null) return Optional.empty();
        var partner = PartnerFile.read(files, environment.variables(), faults::add).orElse(null);
        // Nothing is said of lines that a broken partner.yaml may secure.
        var rules =
                partner == null || partner.tls() != null ? environment.secured(name) : environment;
        var others = others(name);
        var accepted = new ArrayList<Plan>();
        var plans = new TreeMap<String, List<Plan>>();
        for (var file : files.contents().entrySet()) {
            if (!isRouteFile(name, file.getKey(), faults)) continue;
            var path = name + "/" + file.getKey();
            RouteFile.read(path, file.getValue(), name, rules, faults::add)
                    .filter(its -> partner == null || fit(partner, its, others, accepted, faults))
                    .ifPresent(its -> plans.put(file.getKey(), its));
        }
        if (whole) keepsItsOutboxes(name, plans.values(), faults);
        if (partner == null || (whole && !faults.isEmpty())) return Optional.empty();
        var running = new ArrayList<Running>();
        for (var file : plans.entrySet()) {
            var content = files.contents().get(file.getKey());
            if (content == null) continue;
            running.addAll(camel.start(content, file.getValue(), faults::add));
        }
        if (whole && !faults.isEmpty()) {
            running.forEach(camel::stop);
            return Optional.empty();
        }
        return Optional.of(new Loaded(partner, Instant.now(), List.copyOf(running)));
    }

    private static boolean isRouteFile(String folder, String file, List<FileFault> faults) {
        if (file.equals(PartnerFile.NAME)) return false;
        var path = folder + "/" + file;
        if (file.endsWith(".edit.yaml")) {
            faults.add(FileFault.ofFile(path, "not yet supported in 0.1.0", "remove the file"));
            return false;
        }
        if (file.endsWith(".yml")) {
            faults.add(FileFault.ofFile(path, "a file that is not read", "name it .yaml"));
        }
        return file.endsWith(".yaml");
    }

    /** Whether a file's routes have ids and claims of their own; if so they are accepted. */
    private boolean fit(
            Partner partner,
            List<Plan> plans,
            List<Loaded> others,
            List<Plan> accepted,
            List<FileFault> faults) {
        int before = faults.size();
        var its = new ArrayList<Plan>();
        for (var plan : plans) {
            var siblings = new ArrayList<>(accepted);
            siblings.addAll(its);
            var rivals = new ArrayList<>(siblings);
            others.forEach(other -> rivals.addAll(other.plans()));
            for (var rival : rivals) {
                if (!rival.id().equals(plan.id())) continue;
                var what = "route id \"" + plan.id() + "\" is taken by " + place(rival);
                faults.add(
                        FileFault.at(
                                plan.file(), plan.place(), what, "give each route its own id"));
            }
            switch (plan) {
                case RoutePlan route -> {
                    claims(partner, route, siblings, others, faults);
                    delivers(route, faults);
                }
                case OutboxPlan outbox -> takesAlone(outbox, siblings, faults);
            }
            its.add(plan);
        }
        if (faults.size() > before) return false;
        accepted.addAll(its);
        return true;
    }

    private static void claims(
            Partner partner,
            RoutePlan plan,
            List<Plan> siblings,
            List<Loaded> others,
            List<FileFault> faults) {
        var entry = new Entry(partner, plan);
        var rivals = new ArrayList<Entry>();
        others.forEach(other -> rivals.addAll(other.entries()));
        for (var sibling : siblings)
            if (sibling instanceof RoutePlan route) rivals.add(new Entry(partner, route));
        var rival = DispatchTable.rival(entry, rivals).orElse(null);
        if (rival == null) return;
        faults.add(
                FileFault.at(
                        plan.file(),
                        plan.place(),
                        "route \""
                                + plan.id()
                                + "\" and "
                                + rival.route().named()
                                + " both claim "
                                + DispatchTable.claim(entry, rival),
                        "give one of them another sender, types or port"));
    }

    /** Every destination that is named must have an outbox, wherever its file stands. */
    private void delivers(RoutePlan plan, List<FileFault> faults) {
        var announced = new TreeSet<String>();
        folders.values().forEach(folder -> announced.addAll(folder.announced));
        for (var step : plan.delivers()) {
            if (announced.contains(step.destination())) continue;
            faults.add(
                    FileFault.at(
                            plan.file(),
                            step.place(),
                            "no outbox takes deliveries for \"" + step.destination() + "\"",
                            announced.isEmpty()
                                    ? "write a route in routes/"
                                            + step.destination().replaceFirst("/.*", "")
                                            + " with  from: { uri: outbox:"
                                            + step.destination()
                                            + " }"
                                    : Nearest.hint(step.destination(), announced)));
        }
    }

    private static void takesAlone(OutboxPlan plan, List<Plan> siblings, List<FileFault> faults) {
        for (var sibling : siblings) {
            if (!(sibling instanceof OutboxPlan other)
                    || !other.destination().equals(plan.destination())) continue;
            faults.add(
                    FileFault.at(
                            plan.file(),
                            plan.place(),
                            plan.destination() + " is taken by " + other.named(),
                            "one route takes all deliveries of a destination"));
        }
    }

    /** A destination for which something waits can't disappear. */
    private void keepsItsOutboxes(
            String name, Collection<List<Plan>> plans, List<FileFault> faults) {
        var before = folder(name).loaded;
        if (before == null) return;
        for (var outbox : before.outboxes())
            if (plans.stream()
                    .flatMap(List::stream)
                    .noneMatch(
                            p ->
                                    p instanceof OutboxPlan o
                                            && o.destination().equals(outbox.destination())))
                isWaitedFor(outbox, "restore the route").ifPresent(faults::add);
    }

    /** Whether a folder that has disappeared goes on because deliveries wait for it. */
    private boolean isWaitedFor(String name, Folder folder) {
        var before = folder.loaded;
        if (before == null) return false;
        var faults = new ArrayList<FileFault>();
        for (var outbox : before.outboxes())
            isWaitedFor(outbox, "restore the folder").ifPresent(faults::add);
        if (faults.isEmpty()) return false;
        folder.missing = true;
        if (tellNew(name, folder.faults, faults))
            log.atWarn().addKeyValue("partner", name).log("what ran before goes on");
        folder.faults = List.copyOf(faults);
        return true;
    }

    private Optional<FileFault> isWaitedFor(OutboxPlan outbox, String remedy) {
        var waiting = outboxes.waiting(outbox.destination());
        if (waiting == 0) return Optional.empty();
        return Optional.of(
                FileFault.ofFile(
                        outbox.file(),
                        "outbox:"
                                + outbox.destination()
                                + " is gone, and "
                                + waiting
                                + (waiting == 1 ? " delivery waits" : " deliveries wait")
                                + " for it",
                        remedy + ", or skip what waits (Deliveries in the console)"));
    }

    /** The destinations that a folder's files name, read without telling faults. */
    private Set<String> announced(String name) {
        var files = FolderFiles.read(root.resolve(name), _ -> {}).orElse(null);
        if (files == null) return Set.of();
        var rules = environment.secured(name);
        var found = new TreeSet<String>();
        files.contents()
                .forEach(
                        (file, content) -> {
                            if (!file.endsWith(".yaml") || !mentionsOutbox(content)) return;
                            RouteFile.read(name + "/" + file, content, name, rules, _ -> {})
                                    .ifPresent(
                                            plans -> {
                                                for (var plan : plans)
                                                    if (plan instanceof OutboxPlan outbox)
                                                        found.add(outbox.destination());
                                            });
                        });
        return Set.copyOf(found);
    }

    private static boolean mentionsOutbox(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1).contains("outbox:");
    }

    private static String place(Plan plan) {
        return plan.file() + ":" + plan.place().line();
    }

    private List<Loaded> others(String name) {
        var others = new ArrayList<Loaded>();
        folders.forEach(
                (folder, f) -> {
                    if (f.loaded != null && !folder.equals(name)) others.add(f.loaded);
                });
        return others;
    }

    /** Puts a version in the place of the one that ran: first the new, last the end of the old. */
    private void replace(Folder folder, @Nullable Loaded next) {
        var before = folder.loaded;
        folder.loaded = next;
        if (next != null) next.routes.forEach(route -> runner.put(next.partner, route));
        listeners.dispatch(entries());
        sending.use(sentTo());
        outboxes.use(running());
        if (before == null) return;
        before.routes.forEach(
                old -> {
                    runner.remove(old);
                    camel.stop(old);
                });
    }

    private List<Entry> entries() {
        return others("").stream().flatMap(loaded -> loaded.entries().stream()).toList();
    }

    /** The partners that something is sent to. */
    private List<Partner> sentTo() {
        return others("").stream()
                .filter(loaded -> !loaded.outboxes().isEmpty())
                .map(Loaded::partner)
                .toList();
    }

    private List<OutboxRoutes.Route> running() {
        var running = new ArrayList<OutboxRoutes.Route>();
        for (var loaded : others(""))
            for (var route : loaded.routes)
                if (route.plan() instanceof OutboxPlan plan)
                    running.add(new OutboxRoutes.Route(loaded.partner, plan, route, sending));
        return running;
    }

    /** All that run. */
    synchronized List<Plan> plans() {
        return others("").stream().flatMap(loaded -> loaded.plans().stream()).toList();
    }

    // One line when a fault appears, none while it stays.
    private static boolean tellNew(String folder, List<FileFault> before, List<FileFault> now) {
        var news = now.stream().filter(fault -> !before.contains(fault)).toList();
        news.forEach(
                fault -> log.atWarn().addKeyValue("partner", folder).log("not loaded: {}", fault));
        return !news.isEmpty();
    }

    private void show() {
        var states = new ArrayList<PartnerState>();
        var faults = new ArrayList<>(rootFaults);
        faults.addAll(portsFile.faults());
        for (var folder : folders.values()) {
            faults.addAll(folder.faults);
            var loaded = folder.loaded;
            if (loaded == null) continue;
            var routes = loaded.routes.stream().map(r -> r.plan().shown()).toList();
            states.add(new PartnerState(loaded.partner, loaded.at, routes));
        }
        shownPartners = List.copyOf(states);
        shownFaults = List.copyOf(faults);
    }

    @Override
    public List<PartnerState> partners() {
        return shownPartners;
    }

    @Override
    public Optional<Partner> find(String folder, String route) {
        return shownPartners.stream()
                .filter(shown -> shown.partner().folder().equals(folder))
                .filter(shown -> shown.routes().stream().anyMatch(r -> r.id().equals(route)))
                .map(PartnerState::partner)
                .findFirst();
    }

    @Override
    public List<FileFault> faults() {
        var faults = new ArrayList<>(shownFaults);
        faults.addAll(listeners.faults());
        faults.addAll(sending.faults());
        return faults;
    }

    @Override
    public List<Port> ports() {
        return listeners.shown();
    }

    /** Ends all routes; the ports are closed before. */
    @Override
    public synchronized void close() {
        camel.close();
    }
}
