package org.chartbridge.routes;

import org.chartbridge.intake.Reception;
import org.chartbridge.mllp.CannotListen;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpListener;
import org.chartbridge.mllp.MllpNetwork;
import org.chartbridge.mllp.PortInUse;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.routes.DispatchTable.Entry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;

/**
 * The ports. Each is open as long as some route listens on it, and stays open while its routes
 * change: only its {@link DispatchTable} is exchanged, so that no connection notices.
 */
final class Listeners implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    /** How long messages in work may take when a port closes. */
    static final Duration DRAIN = Duration.ofSeconds(3);

    private final MllpNetwork network = new MllpNetwork();
    private final Reception reception;
    // Changed under the lock, read by screens without it.
    private final Map<Address, Port> ports = new ConcurrentSkipListMap<>();
    private boolean opened;

    private static final class Port {
        final Dispatch dispatch;
        volatile List<Entry> entries = List.of();
        volatile @Nullable MllpListener listener;
        volatile @Nullable FileFault fault;

        Port(Dispatch dispatch) {
            this.dispatch = dispatch;
        }
    }

    Listeners(Reception reception) {
        this.reception = reception;
    }

    /** From now on ports open; before, what they would dispatch is only noted. */
    synchronized void open() {
        opened = true;
        openMissing();
    }

    /**
     * Says all that listens: ports that are new open, ports without a route close, the others go on
     * with the new routes.
     */
    synchronized void dispatch(Collection<Entry> entries) {
        var byAddress = new TreeMap<Address, List<Entry>>();
        for (var entry : entries) {
            byAddress.computeIfAbsent(entry.route().address(), _ -> new ArrayList<>()).add(entry);
        }
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
        openMissing();
    }

    /** Tries again to open the ports that could not be. */
    synchronized void openMissing() {
        if (!opened) return;
        ports.forEach(
                (address, port) -> {
                    if (port.listener == null) open(address, port);
                });
    }

    private void open(Address address, Port port) {
        try {
            port.listener =
                    MllpListener.open(
                            network,
                            address.socket(),
                            Limits.defaults(),
                            port.dispatch,
                            new Watch(address.toString(), reception));
            port.fault = null;
            log.atInfo().addKeyValue("listener", address).log("listening");
        } catch (CannotListen e) {
            var route = port.entries.getFirst().route();
            var fault =
                    FileFault.at(
                            route.file(),
                            route.place(),
                            String.valueOf(e.getMessage()),
                            e instanceof PortInUse
                                    ? "end that program, or change the port here and at the sender"
                                    : "correct the address or the port");
            if (!fault.equals(port.fault)) log.atWarn().log("not listening: {}", fault);
            port.fault = fault;
        }
    }

    private static void close(Address address, Optional<Port> port) {
        port.map(p -> p.listener)
                .ifPresent(
                        listener -> {
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
        return shown;
    }

    /** Why ports are not open. */
    List<FileFault> faults() {
        return ports.values().stream()
                .map(port -> port.fault)
                .flatMap(fault -> Optional.ofNullable(fault).stream())
                .toList();
    }

    @Override
    public synchronized void close() {
        opened = false;
        // All at once: one slow answer must not use up the time of the others.
        try (var closing = Executors.newVirtualThreadPerTaskExecutor()) {
            ports.forEach(
                    (address, port) -> {
                        var _ = closing.submit(() -> close(address, Optional.of(port)));
                    });
        }
        ports.clear();
        network.close();
    }
}
