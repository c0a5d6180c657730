package org.chartbridge.routes;

import org.chartbridge.intake.PartnersInService;
import org.chartbridge.partner.EditsFile;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.routes.DispatchTable.Entry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The routes folder: loads every partner's folder, notices new and changed ones, and knows what of
 * it runs; long because all of it happens under one lock.
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
 *
 * <p>What runs, what waits for a mended file and what is dispatched change together or not at all.
 * What can be decided without the lock stands in {@link RoutesRoot}, {@link FolderRoutes} and
 * {@link FolderFit}.
 */
final class RouteFolders implements RoutesOverview, PartnersInService, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RouteFolders.class);

    private final Path root;
    private final RoutesRoot lying;
    private final RouteFile.Environment environment;
    private final CamelSteps camel;
    private final RunningRoutes runner;
    private final Listeners listeners;
    private final OutboxRoutes outboxes;
    private final PortsWatch portsFile;
    private final SendingTls sending;
    private final Consumer<FolderFiles> keeper;
    private Consumer<Partner> whenLoaded = _ -> {};
    private final Map<String, String> told = new TreeMap<>();

    private final Map<String, Folder> folders = new TreeMap<>();
    private List<FileFault> rootFaults = List.of();

    // What screens are shown: they don't wait while something loads.
    private volatile List<PartnerState> shownPartners = List.of();
    private volatile List<FileFault> shownFaults = List.of();
    private volatile List<FileFault> idleRows = List.of();

    /** What is known of one folder. */
    private static final class Folder {
        /** Names, sizes and times of its files when it was looked at last. */
        String seen = "";

        /** The same when it was read last; null to read it again. */
        @Nullable String read;

        /** Whether its files could not be kept in the database; then it is read again soon. */
        boolean unkept;

        /** Whether it has disappeared, and goes on because deliveries wait for it. */
        boolean missing;

        @Nullable LoadedFolder loaded;
        List<FileFault> faults = List.of();

        /** The destinations that its files name as outboxes, whether they load or not. */
        Set<String> announced = Set.of();
    }

    RouteFolders(
            Path root,
            RouteFile.Environment environment,
            CamelSteps camel,
            RunningRoutes runner,
            Listeners listeners,
            OutboxRoutes outboxes) {
        this(root, environment, camel, runner, listeners, outboxes, _ -> {});
    }

    /**
     * @param keeper keeps a folder's files before they run for the first time; throws when it can't
     */
    RouteFolders(
            Path root,
            RouteFile.Environment environment,
            CamelSteps camel,
            RunningRoutes runner,
            Listeners listeners,
            OutboxRoutes outboxes,
            Consumer<FolderFiles> keeper) {
        this.keeper = keeper;
        this.root = root;
        listeners.root(root);
        this.lying = new RoutesRoot(root);
        this.environment = environment;
        this.camel = camel;
        this.runner = runner;
        this.listeners = listeners;
        this.outboxes = outboxes;
        this.portsFile = new PortsWatch(root, environment.variables());
        this.sending = new SendingTls(root, environment.allowPlaintext());
    }

    /** Is told each version of a partner that begins to run; must return at once. */
    synchronized void whenLoaded(Consumer<Partner> listener) {
        whenLoaded = listener;
    }

    /** Loads everything there is. */
    synchronized void load() {
        camel.start();
        portsFile.load().ifPresentOrElse(listeners::use, listeners::withhold);
        var names = look();
        for (var name : names)
            folder(name).announced = FolderRoutes.announced(root, name, environment);
        for (var name : names) {
            var folder = folder(name);
            folder.seen = lying.signature(name);
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
            var signature = lying.signature(name);
            var stable = signature.equals(folder.seen);
            folder.seen = signature;
            if (stable && !signature.equals(folder.read)) changed.add(name);
        }
        for (var name : changed)
            folder(name).announced = FolderRoutes.announced(root, name, environment);
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

    /** The folders that are there; what is wrong beside them is told. */
    private List<String> look() {
        var found = lying.look(folders.keySet());
        var _ = tellNew("routes", rootFaults, found.faults());
        rootFaults = found.faults();
        return found.folders();
    }

    private Set<String> announced() {
        var announced = new TreeSet<String>();
        folders.values().forEach(folder -> announced.addAll(folder.announced));
        return announced;
    }

    private Folder folder(String name) {
        return folders.computeIfAbsent(name, _ -> new Folder());
    }

    private void load(String name, Folder folder) {
        var faults = new ArrayList<FileFault>();
        var before = folder.loaded;
        var loaded = compiledOrTold(name, before != null, faults);
        folder.read = folder.unkept ? null : folder.seen;
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
                .addKeyValue("routes", loaded.get().routes().size())
                .addKeyValue("version", loaded.get().partner().version())
                .log(before == null ? "partner loaded" : "partner loaded anew");
    }

    /** A folder that this engine chokes on must not keep the others from being read. */
    private Optional<LoadedFolder> compiledOrTold(
            String name, boolean whole, List<FileFault> faults) {
        try {
            return compile(name, whole, faults);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("partner", name).setCause(e).log("reading the folder failed");
            faults.add(
                    FileFault.ofFile(
                            name,
                            "a mistake of the engine (" + e.getClass().getSimpleName() + ")",
                            "undo the last change, and report it with the engine's log"));
            return Optional.empty();
        }
    }

    /** The folder's routes, started aside; empty when nothing of it is to run. */
    private Optional<LoadedFolder> compile(String name, boolean whole, List<FileFault> faults) {
        var files = FolderFiles.read(root.resolve(name), faults::add).orElse(null);
        if (files == null) return Optional.empty();
        var partner = PartnerFile.read(files, environment.variables(), faults::add).orElse(null);
        // Nothing is said of lines that a broken partner.yaml may secure.
        var rules =
                (partner == null || partner.tls() != null ? environment.secured(name) : environment)
                        .with(EditsFile.scripts(files, faults::add));
        var fit = new FolderFit(others(name), announced());
        var plans = new TreeMap<String, List<Plan>>();
        for (var file : files.contents().entrySet()) {
            if (!FolderRoutes.isOne(name, file.getKey(), faults)) continue;
            var path = name + "/" + file.getKey();
            RouteFile.read(path, file.getValue(), name, rules, faults::add)
                    .filter(its -> partner == null || fit.fits(partner, its, faults))
                    .ifPresent(its -> plans.put(file.getKey(), its));
        }
        if (partner != null && partner.orders().isLab())
            takes("orders", partner, partner.orders().queue(), "compendium.csv", plans, faults);
        if (partner != null && partner.referrals().takesAny())
            takes(
                    "referrals",
                    partner,
                    partner.referrals().queue(),
                    "providers.csv",
                    plans,
                    faults);
        if (whole) keepsItsOutboxes(name, plans.values(), faults);
        if (partner == null || (whole && !faults.isEmpty())) return Optional.empty();
        if (!keep(files, faults)) return Optional.empty();
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
        return Optional.of(new LoadedFolder(partner, Instant.now(), List.copyOf(running)));
    }

    /**
     * What a step {@code order} or {@code refer} sends to a partner needs a route that takes it.
     */
    private static void takes(
            String what,
            Partner partner,
            String queue,
            String because,
            Map<String, List<Plan>> plans,
            List<FileFault> faults) {
        var wanted = partner.folder() + "/" + queue;
        if (plans.values().stream()
                .flatMap(List::stream)
                .noneMatch(p -> p instanceof OutboxPlan o && o.destination().equals(wanted)))
            faults.add(
                    FileFault.ofFile(
                            partner.folder() + "/" + because,
                            "no outbox takes " + what + " for " + wanted,
                            "write a route in routes/"
                                    + partner.folder()
                                    + " with  from: { uri: outbox:"
                                    + wanted
                                    + " }"));
    }

    /** Every entry names the version it ran with, so that is kept before anything runs by it. */
    private boolean keep(FolderFiles files, List<FileFault> faults) {
        var folder = folder(files.name());
        try {
            keeper.accept(files);
            folder.unkept = false;
        } catch (RuntimeException e) {
            folder.unkept = true;
            faults.add(
                    FileFault.ofFile(
                            files.name(),
                            "the database does not answer, which has to keep these files first",
                            "nothing; it is loaded as soon as the database answers"));
        }
        return !folder.unkept;
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

    private List<LoadedFolder> others(String name) {
        var others = new ArrayList<LoadedFolder>();
        folders.forEach(
                (folder, f) -> {
                    if (f.loaded != null && !folder.equals(name)) others.add(f.loaded);
                });
        return others;
    }

    /** Puts a version in the place of the one that ran: first the new, last the end of the old. */
    private void replace(Folder folder, @Nullable LoadedFolder next) {
        var before = folder.loaded;
        folder.loaded = next;
        if (next != null) next.routes().forEach(route -> runner.put(next.partner(), route));
        listeners.dispatch(entries());
        sending.use(sentTo());
        outboxes.use(running(), charsets());
        camel.use(others("").stream().map(LoadedFolder::partner).toList());
        if (before == null) return;
        before.routes()
                .forEach(
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
                .map(LoadedFolder::partner)
                .toList();
    }

    private List<OutboxRoutes.Route> running() {
        var running = new ArrayList<OutboxRoutes.Route>();
        for (var loaded : others(""))
            for (var route : loaded.routes())
                if (route.plan() instanceof OutboxPlan plan)
                    running.add(new OutboxRoutes.Route(loaded.partner(), plan, route, sending));
        return running;
    }

    private Map<String, Charset> charsets() {
        var charsets = new HashMap<String, Charset>();
        for (var loaded : others(""))
            charsets.put(loaded.partner().folder(), loaded.partner().charset());
        return charsets;
    }

    /** All receiving routes with their partners. */
    synchronized List<Entry> dispatched() {
        return entries();
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
            var routes = loaded.routes().stream().map(r -> r.plan().shown()).toList();
            states.add(new PartnerState(loaded.partner(), loaded.at(), routes));
        }
        shownPartners = List.copyOf(states);
        shownFaults = List.copyOf(faults);
        // What a folder that is not loaded would say may be what a row means.
        if (faults.isEmpty()) lookAtRows(states.stream().map(PartnerState::partner).toList());
        // Only now is it what messages are read by.
        for (var state : states) {
            var partner = state.partner();
            if (!partner.version().equals(told.put(partner.folder(), partner.version())))
                whenLoaded.accept(partner);
        }
    }

    private void lookAtRows(List<Partner> partners) {
        var rows = IdleRows.of(partners);
        for (var row : rows)
            if (!idleRows.contains(row)) log.atWarn().log("loaded, but no order fits: {}", row);
        idleRows = rows;
    }

    /** Rows of loaded tables that nothing can fit; among {@link #faults}. */
    List<FileFault> idleRows() {
        return idleRows;
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
        faults.addAll(idleRows);
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
