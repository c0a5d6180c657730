package org.chartbridge.routes;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import org.chartbridge.intake.Reception;
import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsUnusable;
import org.chartbridge.mllp.WatchedTls;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.routes.DispatchTable.Entry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * The addresses that messages are posted to. An address is open as long as some route names it, and
 * stays open while its routes change: only what its paths lead to is exchanged.
 */
final class WebDoors implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WebDoors.class);

    static {
        // Java's web server has limits for all of its servers only, in seconds and connections: how
        // long a request may take to come, and how many wait idle.
        System.setProperty("sun.net.httpserver.maxReqTime", "60");
        System.setProperty("sun.net.httpserver.idleInterval", "60");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
        System.setProperty("jdk.httpserver.maxConnections", "4000");
    }

    private final Reception reception;
    private final Predicate<Address> loopback;
    // Changed under the lock, read by screens without it.
    private final Map<Address, Site> sites = new ConcurrentSkipListMap<>();
    private volatile Map<Address, PortSettings> settings = Map.of();
    private boolean opened;
    private boolean withheld;

    /** One address, and what its paths lead to. */
    private static final class Site {
        final Map<String, WebDoor> doors = new HashMap<>();
        final WebRequests requests = new WebRequests();
        volatile List<Entry> entries = List.of();

        /** Those that are not served, and why; the others of the address go on. */
        volatile Map<Entry, FileFault> misfits = Map.of();

        volatile @Nullable FileFault fault;
        volatile @Nullable HttpServer server;
        @Nullable ExecutorService workers;

        /** Under these it is open; null before. */
        @Nullable PortSettings settings;

        @Nullable Tls tls;

        private @Nullable FailedHandshakes failures;

        FailedHandshakes failures(Address address) {
            var known = failures;
            if (known != null) return known;
            var its = new FailedHandshakes(address, InstantSource.system());
            failures = its;
            return its;
        }
    }

    WebDoors(Reception reception, Predicate<Address> loopback) {
        this.reception = reception;
        this.loopback = loopback;
    }

    /** From now on requests are taken. */
    synchronized void open() {
        opened = true;
        refresh();
    }

    /** Says how addresses are opened. */
    synchronized void use(Map<Address, PortSettings> newer) {
        settings = newer;
        withheld = false;
        refresh();
    }

    /** Keeps every address closed until {@link #use}. */
    synchronized void withhold() {
        withheld = true;
        refresh();
    }

    /** Says all routes that begin with a web address. */
    synchronized void dispatch(Collection<Entry> entries) {
        var byAddress = new TreeMap<Address, List<Entry>>();
        for (var entry : entries)
            if (entry.route().door() instanceof Door.Web web)
                byAddress.computeIfAbsent(web.address(), _ -> new ArrayList<>()).add(entry);
        byAddress.forEach(
                (address, its) -> {
                    var site = sites.computeIfAbsent(address, _ -> new Site());
                    site.entries = its;
                });
        for (var address : List.copyOf(sites.keySet())) {
            if (byAddress.containsKey(address)) continue;
            var gone = sites.remove(address);
            if (gone != null) close(address, gone);
        }
        refresh();
    }

    private Map<String, WebDoor> doors(Site site, List<Entry> entries) {
        var byDoor = new HashMap<Door.Web, List<Entry>>();
        for (var entry : entries)
            if (entry.route().door() instanceof Door.Web web)
                byDoor.computeIfAbsent(web, _ -> new ArrayList<>()).add(entry);
        var doors = new HashMap<String, WebDoor>();
        byDoor.forEach(
                (web, its) -> {
                    var before = site.doors.get(web.path());
                    var dispatch =
                            before != null && before.web().equals(web)
                                    ? before.dispatch()
                                    : new Dispatch(web, reception);
                    dispatch.use(new DispatchTable(web, its));
                    doors.put(web.path(), new WebDoor(web, its.getFirst().partner(), dispatch));
                });
        site.doors.clear();
        site.doors.putAll(doors);
        return Map.copyOf(doors);
    }

    /** Takes new settings and certificates, and tries again to open what could not be. */
    synchronized void refresh() {
        sites.forEach(
                (address, site) -> {
                    var fault = bring(address, site);
                    if (fault != null && !fault.equals(site.fault))
                        log.atWarn().addKeyValue("listener", address).log("port: {}", fault);
                    site.fault = fault;
                });
    }

    private @Nullable FileFault bring(Address address, Site site) {
        var wanted = settings.getOrDefault(address, PortSettings.USUAL);
        var misfits = new HashMap<Entry, FileFault>();
        for (var entry : site.entries)
            WebRules.misfit(entry, wanted, site.entries, loopback)
                    .ifPresent(fault -> misfits.put(entry, fault));
        site.misfits = Map.copyOf(misfits);
        site.requests.use(
                doors(site, site.entries.stream().filter(e -> !misfits.containsKey(e)).toList()));
        var refusal =
                withheld
                        ? PortRules.unknown(address, site.entries)
                        : PortRules.refusal(address, wanted, site.entries, loopback).orElse(null);
        if (refusal != null) {
            close(address, site);
            return refusal;
        }
        try {
            if (!wanted.equals(site.settings)) {
                close(address, site);
                var secure = wanted.tls();
                site.tls = secure == null ? null : Tls.ofServer(secure.files(), secure.ask());
                site.settings = wanted;
            } else if (site.tls != null
                    && site.tls.refresh()
                    && site.server instanceof HttpsServer its) {
                its.setHttpsConfigurator(secured(site.tls, wanted, site.failures(address)));
                log.atInfo()
                        .addKeyValue("listener", address)
                        .log("certificate in use: {}", site.tls.certificate());
            }
        } catch (TlsUnusable e) {
            return FileFault.ofFile(PortsFile.NAME, String.valueOf(e.getMessage()), e.remedy());
        }
        if (opened && site.server == null) return open(address, site, wanted);
        return site.tls != null && !site.tls.isNewest() ? site.fault : null;
    }

    private static @Nullable FileFault open(Address address, Site site, PortSettings wanted) {
        try {
            HttpServer server;
            if (site.tls == null) {
                server = HttpServer.create(address.socket(), 0);
            } else {
                var secured = HttpsServer.create(address.socket(), 0);
                secured.setHttpsConfigurator(secured(site.tls, wanted, site.failures(address)));
                server = secured;
            }
            var workers = Executors.newVirtualThreadPerTaskExecutor();
            server.setExecutor(workers);
            site.requests.use(wanted.limits());
            server.createContext("/", site.requests);
            server.start();
            site.server = server;
            site.workers = workers;
            log.atInfo()
                    .addKeyValue("listener", address)
                    .addKeyValue("tls", site.tls != null)
                    .log("taking web requests");
            return null;
        } catch (IOException e) {
            var route = site.entries.getFirst().route();
            return FileFault.at(
                    route.file(),
                    route.place(),
                    address + " can't be opened (" + e.getClass().getSimpleName() + ")",
                    "end the program that has the port, or change it here and at the sender");
        }
    }

    private static HttpsConfigurator secured(
            Tls tls, PortSettings wanted, FailedHandshakes failures) {
        var secure = wanted.tls();
        return new HttpsConfigurator(WatchedTls.of(tls.context(), failures::failed)) {
            @Override
            public void configure(HttpsParameters parameters) {
                var its = getSSLContext().getDefaultSSLParameters();
                its.setProtocols(Tls.parameters().getProtocols());
                if (secure != null)
                    switch (secure.ask()) {
                        case NONE -> its.setWantClientAuth(false);
                        case OPTIONAL -> its.setWantClientAuth(true);
                        case REQUIRED -> its.setNeedClientAuth(true);
                    }
                parameters.setSSLParameters(its);
            }
        };
    }

    private static void close(Address address, Site site) {
        var server = site.server;
        site.server = null;
        if (server == null) return;
        // What is in work may end; Java waits for whole exchanges only.
        server.stop((int) Listeners.DRAIN.toSeconds());
        var workers = site.workers;
        site.workers = null;
        if (workers != null) workers.shutdownNow();
        log.atInfo().addKeyValue("listener", address).log("stopped listening");
    }

    /** The addresses as screens show them. */
    List<RoutesOverview.Port> shown() {
        var shown = new ArrayList<RoutesOverview.Port>();
        for (var site : sites.values())
            for (var door : site.entries.stream().map(e -> e.route().door()).distinct().toList())
                shown.add(
                        new RoutesOverview.Port(
                                door.toString(),
                                site.requests.inWork(),
                                site.server != null && fault(site, door) == null,
                                fault(site, door),
                                site.entries.stream()
                                        .map(Entry::route)
                                        .filter(route -> route.door().equals(door))
                                        .map(RoutePlan::id)
                                        .toList()));
        return shown;
    }

    private static @Nullable FileFault fault(Site site, Door door) {
        for (var misfit : site.misfits.entrySet())
            if (misfit.getKey().route().door().equals(door)) return misfit.getValue();
        return site.fault;
    }

    /** Why addresses are not open, or who can't get in. */
    List<FileFault> faults() {
        var faults = new ArrayList<FileFault>();
        sites.forEach(
                (address, site) -> {
                    var fault = site.fault;
                    if (fault != null) faults.add(fault);
                    faults.addAll(site.misfits.values());
                    faults.addAll(
                            PortRules.neverAsked(
                                    settings.getOrDefault(address, PortSettings.USUAL),
                                    site.entries));
                });
        return faults;
    }

    @Override
    public synchronized void close() {
        opened = false;
        try (var closing = Executors.newCachedThreadPool()) {
            sites.forEach(
                    (address, site) -> {
                        var _ = closing.submit(() -> close(address, site));
                    });
        }
        sites.clear();
    }
}
