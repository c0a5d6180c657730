package org.chartbridge.routes;

import org.chartbridge.intake.PartnersInService;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.routes.DispatchTable.Entry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

        @Nullable Loaded loaded;
        List<FileFault> faults = List.of();
    }

    /** A version of a partner that runs. */
    private record Loaded(Partner partner, Instant at, List<Running> routes) {
        List<Entry> entries() {
            return routes.stream().map(r -> new Entry(partner, r.plan())).toList();
        }
    }

    RouteFolders(
            Path root,
            RouteFile.Environment environment,
            CamelSteps camel,
            RunningRoutes runner,
            Listeners listeners) {
        this.root = root;
        this.environment = environment;
        this.camel = camel;
        this.runner = runner;
        this.listeners = listeners;
    }

    /** Loads everything there is. */
    synchronized void load() {
        camel.start();
        for (var name : look()) {
            var folder = folder(name);
            folder.seen = signature(name);
            load(name, folder);
        }
        listeners.dispatch(entries());
        show();
    }

    /**
     * Loads what has changed since the last call and was then already as it is now: a file that is
     * being written is left alone until the next call. Faults never leave this method.
     */
    synchronized void refresh() {
        var names = look();
        var changed = false;
        for (var name : names) {
            var folder = folder(name);
            var signature = signature(name);
            var stable = signature.equals(folder.seen);
            folder.seen = signature;
            if (!stable || signature.equals(folder.read)) continue;
            load(name, folder);
            changed = true;
        }
        for (var gone : folders.keySet().stream().filter(n -> !names.contains(n)).toList()) {
            var folder = folders.remove(gone);
            if (folder == null) continue;
            changed = true;
            if (folder.loaded != null) {
                log.atInfo().addKeyValue("partner", gone).log("folder removed, partner stopped");
                replace(folder, null);
            }
        }
        // A claim or an id that stood in another's way may be free now.
        if (changed)
            folders.forEach(
                    (name, f) -> {
                        if (!f.faults.isEmpty()) load(name, f);
                    });
        listeners.openMissing();
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
                else if (name.equals("ports.yaml")) {
                    faults.add(
                            FileFault.ofFile(
                                    name, "not yet supported in 0.1.0", "remove the file"));
                } else if (name.endsWith(".yaml") || name.endsWith(".yml")) {
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
        var others = others(name);
        var accepted = new ArrayList<Entry>();
        var plans = new TreeMap<String, List<RoutePlan>>();
        for (var file : files.contents().entrySet()) {
            if (!isRouteFile(name, file.getKey(), faults)) continue;
            var path = name + "/" + file.getKey();
            RouteFile.read(path, file.getValue(), name, environment, faults::add)
                    .filter(its -> partner == null || fit(partner, its, others, accepted, faults))
                    .ifPresent(its -> plans.put(file.getKey(), its));
        }
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
        if (file.endsWith(".edit.yaml") || file.equals("codes.csv")) {
            faults.add(FileFault.ofFile(path, "not yet supported in 0.1.0", "remove the file"));
            return false;
        }
        if (file.endsWith(".yml")) {
            faults.add(FileFault.ofFile(path, "a file that is not read", "name it .yaml"));
        }
        return file.endsWith(".yaml");
    }

    /** Whether a file's routes have ids and claims of their own; if so they are accepted. */
    private static boolean fit(
            Partner partner,
            List<RoutePlan> plans,
            List<Entry> others,
            List<Entry> accepted,
            List<FileFault> faults) {
        var its = new ArrayList<Entry>();
        var fit = true;
        for (var plan : plans) {
            var entry = new Entry(partner, plan);
            var rivals = new ArrayList<>(others);
            rivals.addAll(accepted);
            rivals.addAll(its);
            for (var other : rivals) {
                if (!other.route().id().equals(plan.id())) continue;
                fit = false;
                faults.add(
                        FileFault.at(
                                plan.file(),
                                plan.place(),
                                "route id \""
                                        + plan.id()
                                        + "\" is taken by "
                                        + place(other.route()),
                                "give each route its own id"));
            }
            var rival = DispatchTable.rival(entry, rivals).orElse(null);
            if (rival != null) {
                fit = false;
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
            its.add(entry);
        }
        if (fit) accepted.addAll(its);
        return fit;
    }

    private static String place(RoutePlan plan) {
        return plan.file() + ":" + plan.place().line();
    }

    private List<Entry> others(String name) {
        var others = new ArrayList<Entry>();
        folders.forEach(
                (folder, f) -> {
                    if (f.loaded != null && !folder.equals(name)) others.addAll(f.loaded.entries());
                });
        return others;
    }

    /** Puts a version in the place of the one that ran: first the new, last the end of the old. */
    private void replace(Folder folder, @Nullable Loaded next) {
        var before = folder.loaded;
        folder.loaded = next;
        if (next != null) next.routes.forEach(runner::put);
        listeners.dispatch(entries());
        if (before == null) return;
        before.routes.forEach(
                old -> {
                    runner.remove(old);
                    camel.stop(old);
                });
    }

    private List<Entry> entries() {
        return others("");
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
