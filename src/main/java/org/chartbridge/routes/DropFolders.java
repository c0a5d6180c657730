package org.chartbridge.routes;

import org.chartbridge.intake.Reception;
import org.chartbridge.partner.FileFault;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The folders that files are taken from. Each has a thread of its own as long as some route names
 * it, so that a slow disk delays nobody else.
 */
final class DropFolders implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DropFolders.class);

    /** From one look to the next. */
    static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private static final Duration SWEEP_EVERY = Duration.ofHours(1);

    private final Reception reception;
    // Changed under the lock, read by screens without it.
    private final Map<Path, Worked> folders = new ConcurrentSkipListMap<>();
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
    }

    /** From now on files are taken. */
    synchronized void open() {
        opened = true;
        folders.forEach(this::start);
    }

    /** Says all routes that begin with a folder. */
    synchronized void dispatch(Map<Door.Folder, List<Entry>> byFolder) {
        byFolder.forEach(
                (door, entries) -> {
                    var its =
                            folders.computeIfAbsent(
                                    door.path(), _ -> new Worked(new Dispatch(door, reception)));
                    its.dispatch.use(new DispatchTable(door, entries));
                    its.entries = entries;
                    start(door.path(), its);
                });
        var unused =
                folders.keySet().stream()
                        .filter(path -> !byFolder.containsKey(new Door.Folder(path)))
                        .toList();
        for (var path : unused) {
            var gone = folders.remove(path);
            if (gone != null) stop(gone);
        }
    }

    private void start(Path path, Worked its) {
        if (!opened || its.thread != null) return;
        its.working = true;
        its.thread = Thread.ofVirtual().name("folder " + path).start(() -> work(path, its));
        log.atInfo().addKeyValue("listener", "file:" + path).log("taking files");
    }

    private void work(Path path, Worked its) {
        long swept = System.nanoTime() - SWEEP_EVERY.toNanos();
        try (var folder = new DropFolder(path, its.dispatch)) {
            while (its.working) {
                look(folder, its);
                if (System.nanoTime() - swept >= SWEEP_EVERY.toNanos()) {
                    folder.sweep(Instant.now());
                    swept = System.nanoTime();
                }
                Thread.sleep(LOOK_EVERY);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void look(DropFolder folder, Worked its) throws InterruptedException {
        try {
            folder.look();
            its.fault = null;
        } catch (DropFolder.Unusable e) {
            var route = its.entries.getFirst().route();
            var fault =
                    FileFault.at(
                            route.file(),
                            route.place(),
                            String.valueOf(e.getMessage()),
                            e.remedy());
            if (!fault.equals(its.fault))
                log.atWarn()
                        .addKeyValue("listener", "file:" + folder.path())
                        .log("folder: {}", fault);
            its.fault = fault;
        } catch (RuntimeException e) { // Else its files would wait in silence.
            log.atError()
                    .addKeyValue("listener", "file:" + folder.path())
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
                (path, its) ->
                        shown.add(
                                new RoutesOverview.Port(
                                        new Door.Folder(path).toString(),
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

    /** Groups entries by the folder they begin with. */
    static Map<Door.Folder, List<Entry>> byFolder(Collection<Entry> entries) {
        var found = new TreeMap<Path, List<Entry>>();
        for (var entry : entries)
            if (entry.route().door() instanceof Door.Folder(var path))
                found.computeIfAbsent(path, _ -> new ArrayList<>()).add(entry);
        var byFolder = new LinkedHashMap<Door.Folder, List<Entry>>();
        found.forEach((path, its) -> byFolder.put(new Door.Folder(path), its));
        return byFolder;
    }

    @Override
    public synchronized void close() {
        opened = false;
        folders.values().forEach(DropFolders::stop);
        folders.clear();
    }
}
