package org.chartbridge.routes;

import org.chartbridge.intake.Reception;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.Login;
import org.chartbridge.partner.PartnerFile;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.routes.DispatchTable.Entry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The folders that files are taken from. Each has a thread of its own as long as some route names
 * it, so that a slow disk delays nobody else.
 */
final class DropFolders implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DropFolders.class);

    private static final Comparator<Door> BY_NAME = Comparator.comparing(Door::toString);

    private static final Duration SWEEP_EVERY = Duration.ofHours(1);

    private final Reception reception;
    // Changed under the lock, read by screens without it.
    private final Map<Door, Worked> folders = new ConcurrentSkipListMap<>(BY_NAME);
    private volatile Path root = Path.of("");
    private boolean opened;

    DropFolders(Reception reception) {
        this.reception = reception;
    }

    /** One of them, and the thread that works on it. */
    private static final class Worked {
        final Dispatch dispatch;
        volatile List<Entry> entries;
        volatile @Nullable FileFault fault;
        volatile boolean working;
        @Nullable Thread thread;

        Worked(Dispatch dispatch) {
            this.dispatch = dispatch;
            this.entries = List.of();
        }

        Optional<Login> login() {
            return DropFolders.login(entries);
        }
    }

    /** Says where the paths of keys begin. */
    void root(Path folder) {
        root = folder.toAbsolutePath();
    }

    /** From now on files are taken. */
    synchronized void open() {
        opened = true;
        folders.forEach(this::start);
    }

    /** Says all routes that begin with a folder, here or elsewhere. */
    synchronized void dispatch(Map<Door, List<Entry>> byFolder) {
        byFolder.forEach(
                (door, entries) -> {
                    var before = folders.get(door);
                    // Another login is another connection.
                    if (before != null && !before.login().equals(login(entries))) stop(before);
                    var its =
                            folders.computeIfAbsent(
                                    door, _ -> new Worked(new Dispatch(door, reception)));
                    its.dispatch.use(new DispatchTable(door, entries));
                    its.entries = entries;
                    start(door, its);
                });
        var unused = folders.keySet().stream().filter(d -> !byFolder.containsKey(d)).toList();
        for (var door : unused) {
            var gone = folders.remove(door);
            if (gone != null) stop(gone);
        }
    }

    /** Of the first partner that names the folder. */
    private static Optional<Login> login(List<Entry> entries) {
        return entries.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(entries.getFirst().partner().login());
    }

    private void start(Door door, Worked its) {
        if (!opened || its.thread != null) return;
        var drop = drop(door, its);
        if (drop.isEmpty()) return; // Told by faults().
        its.working = true;
        its.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("folder " + door)
                        .start(() -> work(door, drop.get(), its));
        log.atInfo().addKeyValue("listener", door).log("taking files");
    }

    private Optional<Drop> drop(Door door, Worked its) {
        return switch (door) {
            case Door.Folder(var path) -> Optional.of(new DropFolder(path, its.dispatch));
            case Door.Sftp(var at) ->
                    SendingTls.misfit(its.entries.getFirst().partner(), at).isPresent()
                            ? Optional.empty()
                            : login(its.entries)
                                    .map(login -> login.keyBelow(root))
                                    .map(login -> SftpDrop.of(at, login, its.dispatch));
            case Address _, Door.Answered _, Door.PlacedHere _, Door.Web _ -> Optional.empty();
        };
    }

    private static void work(Door door, Drop folder, Worked its) {
        long swept = System.nanoTime() - SWEEP_EVERY.toNanos();
        try (folder) {
            while (its.working) {
                look(door, folder, its);
                if (System.nanoTime() - swept >= SWEEP_EVERY.toNanos()) {
                    folder.sweep(Instant.now());
                    swept = System.nanoTime();
                }
                if (its.working) Thread.sleep(folder.nextLook());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void look(Door door, Drop folder, Worked its) throws InterruptedException {
        try {
            folder.look();
            its.fault = null;
        } catch (Drop.Unusable e) {
            var route = its.entries.getFirst().route();
            var fault =
                    FileFault.at(
                            route.file(),
                            route.place(),
                            String.valueOf(e.getMessage()),
                            e.remedy());
            if (!fault.equals(its.fault))
                log.atWarn().addKeyValue("listener", door).log("folder: {}", fault);
            its.fault = fault;
        } catch (RuntimeException e) { // Else its files would wait in silence.
            log.atError()
                    .addKeyValue("listener", door)
                    .setCause(e)
                    .log("the folder could not be looked at");
        }
    }

    private static void stop(Worked its) {
        its.working = false;
        var thread = its.thread;
        its.thread = null;
        if (thread == null) return;
        thread.interrupt();
        try {
            thread.join(Listeners.DRAIN);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The folders as screens show them. */
    List<RoutesOverview.Port> shown() {
        var shown = new ArrayList<RoutesOverview.Port>();
        folders.forEach(
                (door, its) ->
                        shown.add(
                                new RoutesOverview.Port(
                                        door.toString(),
                                        0,
                                        its.thread != null && its.fault == null,
                                        its.fault,
                                        its.entries.stream().map(e -> e.route().id()).toList())));
        return shown;
    }

    /** Why files are not taken, or whose never are. */
    List<FileFault> faults() {
        var faults = new ArrayList<FileFault>();
        for (var its : folders.values()) {
            var fault = its.fault;
            if (fault != null) faults.add(fault);
            faults.addAll(neverTaken(its.entries));
            faults.addAll(noLogin(its.entries));
        }
        return faults;
    }

    /** Partners that name a certificate: files show none. */
    private static List<FileFault> neverTaken(Collection<Entry> entries) {
        return entries.stream()
                .filter(entry -> !entry.partner().certificates().isEmpty())
                .map(
                        entry ->
                                FileFault.at(
                                        entry.route().file(),
                                        entry.route().place(),
                                        "files show no certificate, and "
                                                + entry.partner().folder()
                                                + "/"
                                                + PartnerFile.NAME
                                                + " names one; all its files are refused",
                                        "remove certificate, or let it connect by TLS"))
                .toList();
    }

    /** Hosts that nobody can be called at. */
    private static List<FileFault> noLogin(Collection<Entry> entries) {
        var faults = new ArrayList<FileFault>();
        for (var entry : entries) {
            if (!(entry.route().door() instanceof Door.Sftp(var at))) continue;
            SendingTls.misfit(entry.partner(), at)
                    .ifPresent(
                            why -> {
                                int remedy = why.indexOf("; ");
                                faults.add(
                                        FileFault.at(
                                                entry.route().file(),
                                                entry.route().place(),
                                                why.substring(0, remedy),
                                                why.substring(remedy + 2)));
                            });
        }
        return faults;
    }

    /** Groups entries by the folder they begin with. */
    static Map<Door, List<Entry>> byFolder(Collection<Entry> entries) {
        var byFolder = new TreeMap<Door, List<Entry>>(BY_NAME);
        for (var entry : entries)
            if (entry.route().door() instanceof Door.Folder
                    || entry.route().door() instanceof Door.Sftp)
                byFolder.computeIfAbsent(entry.route().door(), _ -> new ArrayList<>()).add(entry);
        return byFolder;
    }

    @Override
    public synchronized void close() {
        opened = false;
        folders.values().forEach(DropFolders::stop);
        folders.clear();
    }
}
