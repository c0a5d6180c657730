package org.chartbridge.routes;

import org.chartbridge.intake.Reception;
import org.chartbridge.mllp.CannotListen;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpListener;
import org.chartbridge.mllp.MllpNetwork;
import org.chartbridge.mllp.PortInUse;
import org.chartbridge.mllp.Tls;
import org.chartbridge.mllp.TlsUnusable;
import org.chartbridge.partner.FileFault;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * The ports, and with them the folders and web addresses that messages are taken from; long because
 * all of it happens under one lock. Each port is open as long as some route listens on it, and
 * stays open while its routes change: only its {@link DispatchTable} is exchanged, so that no
 * connection notices.
 */
final class Listeners implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    /** How long messages in work may take when a port closes. */
    static final Duration DRAIN = Duration.ofSeconds(3);

    /** From when on the log says at each load that a certificate ends. */
    static final Duration EXPIRES_SOON = Duration.ofDays(30);

    private final MllpNetwork network = new MllpNetwork();
    private final Reception reception;
    private final DropFolders drops;
    private final WebDoors webs;
    // Changed under the lock, read by screens without it.
    private final Map<Address, Port> ports = new ConcurrentSkipListMap<>();
    private final Predicate<Address> loopback;
    private volatile Map<Address, PortSettings> settings = Map.of();
    private volatile List<Entry> posted = List.of();
    private boolean opened;

    /** Whether nobody knows yet what is said of ports. */
    private boolean withheld;

    private static final class Port {
        final Dispatch dispatch;
        volatile List<Entry> entries = List.of();
        volatile @Nullable MllpListener listener;

        /** Why it is not open, or why its certificates are not the newest. */
        volatile @Nullable FileFault fault;

        /** Under these it is open, or was to be opened; null before the first try. */
        @Nullable PortSettings settings;

        @Nullable Tls tls;

        Port(Dispatch dispatch) {
            this.dispatch = dispatch;
        }
    }

    Listeners(Reception reception) {
        this(reception, Address::isLoopback);
    }

    /**
     * @param loopback which addresses nobody but this machine can call
     */
    Listeners(Reception reception, Predicate<Address> loopback) {
        this.reception = reception;
        this.drops = new DropFolders(reception);
        this.webs = new WebDoors(reception, loopback);
        this.loopback = loopback;
    }

    /** Says where the paths of private keys begin. */
    void root(Path folder) {
        drops.root(folder);
    }

    /** From now on ports open; before, what they would dispatch is only noted. */
    synchronized void open() {
        opened = true;
        refresh();
        drops.open();
        webs.open();
    }

    /** Says how ports are opened. Those whose settings did not change go on undisturbed. */
    synchronized void use(Map<Address, PortSettings> newer) {
        settings = newer;
        withheld = false;
        webs.use(newer);
        refresh();
    }

    /**
     * Keeps every port closed until {@link #use} says how they are opened: a {@code ports.yaml}
     * that can't be read may ask for TLS on any of them.
     */
    synchronized void withhold() {
        withheld = true;
        webs.withhold();
        refresh();
    }

    /**
     * Says all that listens: ports that are new open, ports without a route close, the others go on
     * with the new routes.
     */
    synchronized void dispatch(Collection<Entry> entries) {
        var byAddress = new TreeMap<Address, List<Entry>>();
        for (var entry : entries)
            if (entry.route().door() instanceof Address address)
                byAddress.computeIfAbsent(address, _ -> new ArrayList<>()).add(entry);
        drops.dispatch(DropFolders.byFolder(entries));
        webs.dispatch(entries);
        posted = entries.stream().filter(e -> e.route().door() instanceof Door.Web).toList();
        byAddress.forEach(
                (address, its) -> {
                    var table = new DispatchTable(address, its);
                    var port =
                            ports.computeIfAbsent(
                                    address, _ -> new Port(new Dispatch(address, reception)));
                    port.dispatch.use(table);
                    port.entries = its;
                });
        var unused = ports.keySet().stream().filter(a -> !byAddress.containsKey(a)).toList();
        unused.forEach(address -> close(address, Optional.ofNullable(ports.remove(address))));
        refresh();
    }

    /**
     * Takes new settings and certificates, and tries again to open the ports that could not be.
     * Before {@link #open} it only finds what is wrong.
     */
    synchronized void refresh() {
        webs.refresh();
        ports.forEach(
                (address, port) -> {
                    var fault = bring(address, port);
                    if (fault != null && !fault.equals(port.fault))
                        log.atWarn().addKeyValue("listener", address).log("port: {}", fault);
                    port.fault = fault;
                });
    }

    /** Brings a port to what its settings want; returns why that is not possible. */
    private @Nullable FileFault bring(Address address, Port port) {
        var wanted = settings.getOrDefault(address, PortSettings.USUAL);
        var refusal =
                withheld
                        ? PortRules.unknown(address, port.entries)
                        : PortRules.refusal(address, wanted, port.entries, loopback).orElse(null);
        if (refusal != null) {
            close(address, Optional.of(port));
            return refusal;
        }
        var secure = wanted.tls();
        try {
            if (!wanted.equals(port.settings)) take(address, port, wanted);
            else if (port.tls != null && port.tls.refresh()) told(address, port.tls);
        } catch (TlsUnusable e) {
            // An open port goes on with the certificates it has.
            return secure == null
                    ? null
                    : FileFault.at(
                            PortsFile.NAME,
                            secure.place(),
                            String.valueOf(e.getMessage()),
                            e.remedy());
        }
        if (opened && port.listener == null) return open(address, port, wanted.limits());
        // A change of certificates that failed stays told until a later one succeeds.
        return port.tls != null && !port.tls.isNewest() ? port.fault : null;
    }

    private void take(Address address, Port port, PortSettings wanted) throws TlsUnusable {
        var secure = wanted.tls();
        var tls = secure == null ? null : Tls.ofServer(secure.files(), secure.ask());
        var before = port.settings;
        port.settings = wanted;
        port.tls = tls;
        if (tls != null) told(address, tls);
        var listener = port.listener;
        if (listener == null) return;
        // Whoever came in under other rules of trust may not stay.
        if (before == null || !sameTrust(before, wanted)) close(address, Optional.of(port));
        else listener.use(wanted.limits(), tls);
    }

    private static boolean sameTrust(PortSettings before, PortSettings now) {
        var was = before.tls();
        var is = now.tls();
        if (was == null || is == null) return was == null && is == null;
        return was.ask() == is.ask() && Objects.equals(was.files().trust(), is.files().trust());
    }

    private static void told(Address address, Tls tls) {
        log.atInfo()
                .addKeyValue("listener", address)
                .log("certificate in use: {}", tls.certificate());
        if (tls.validUntil().isBefore(Instant.now().plus(EXPIRES_SOON)))
            log.atWarn()
                    .addKeyValue("listener", address)
                    .log("the certificate ends within {} days, renew it", EXPIRES_SOON.toDays());
    }

    private @Nullable FileFault open(Address address, Port port, Limits limits) {
        try {
            port.listener =
                    MllpListener.open(
                            network,
                            address.socket(),
                            limits,
                            port.tls,
                            port.dispatch,
                            new Watch(address.toString(), reception));
            log.atInfo()
                    .addKeyValue("listener", address)
                    .addKeyValue("tls", port.tls != null)
                    .log("listening");
            return null;
        } catch (CannotListen e) {
            var route = port.entries.getFirst().route();
            return FileFault.at(
                    route.file(),
                    route.place(),
                    String.valueOf(e.getMessage()),
                    e instanceof PortInUse
                            ? "end that program, or change the port here and at the sender"
                            : "correct the address or the port");
        }
    }

    private static void close(Address address, Optional<Port> port) {
        port.ifPresent(
                p -> {
                    var listener = p.listener;
                    p.listener = null;
                    if (listener == null) return;
                    var unanswered = listener.close(DRAIN);
                    log.atInfo()
                            .addKeyValue("listener", address)
                            .addKeyValue("unanswered", unanswered)
                            .log("stopped listening");
                });
    }

    /** The ports as screens show them. */
    List<RoutesOverview.Port> shown() {
        var shown = new ArrayList<RoutesOverview.Port>();
        ports.forEach(
                (address, port) -> {
                    var listener = port.listener;
                    shown.add(
                            new RoutesOverview.Port(
                                    address.toString(),
                                    listener == null ? 0 : listener.connections(),
                                    listener != null,
                                    port.fault,
                                    port.entries.stream().map(e -> e.route().id()).toList()));
                });
        shown.addAll(webs.shown());
        shown.addAll(drops.shown());
        return shown;
    }

    /** Why ports are not open, or not as their files say. */
    List<FileFault> faults() {
        var faults = new ArrayList<FileFault>();
        ports.values().stream()
                .flatMap(port -> Optional.ofNullable(port.fault).stream())
                .forEach(faults::add);
        ports.forEach(
                (address, port) ->
                        faults.addAll(
                                PortRules.neverAsked(
                                        settings.getOrDefault(address, PortSettings.USUAL),
                                        port.entries)));
        faults.addAll(webs.faults());
        faults.addAll(drops.faults());
        return faults;
    }

    /**
     * What only a look at all of the folder finds: ports that exclude each other or are unused.
     *
     * @param maybe whether a file that was refused may listen on an address
     */
    List<FileFault> misfits(Predicate<Address> maybe) {
        var entries = new ArrayList<>(posted);
        ports.values().forEach(port -> entries.addAll(port.entries));
        var faults = new ArrayList<>(PortRules.conflicts(entries));
        faults.addAll(PortRules.unused(settings, entries, maybe));
        return faults;
    }

    @Override
    public synchronized void close() {
        opened = false;
        drops.close();
        webs.close();
        // All at once: one slow answer must not use up the time of the others.
        try (var closing = Executors.newCachedThreadPool()) {
            ports.forEach(
                    (address, port) -> {
                        var _ = closing.submit(() -> close(address, Optional.of(port)));
                    });
        }
        ports.clear();
        network.close();
    }
}
