package org.chartbridge.partner;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * What is configured and what of it runs, for screens, health and the lines printed at start.
 * Implemented where the routes live; may be asked at any time from any thread.
 */
public interface RoutesOverview {

    /**
     * Partners that run, sorted by folder. A refused folder is not among them; see {@link #faults}.
     */
    List<PartnerState> partners();

    /** Everything that does not load or can't listen, in the order of the folders. */
    List<FileFault> faults();

    /** The ports that routes listen on, sorted by address. */
    List<Port> ports();

    /**
     * A partner and its routes.
     *
     * @param loadedAt when this version of the folder was started
     */
    record PartnerState(Partner partner, Instant loadedAt, List<Route> routes) {
        public PartnerState {
            routes = List.copyOf(routes);
        }
    }

    /**
     * One route.
     *
     * @param id unique among all routes
     * @param file below the routes folder
     * @param description what the file says it is for, may be empty
     * @param listener address and port, for example {@code 127.0.0.1:2575}
     * @param types MSH-9.1 values it takes; empty means all that no other route of its partner
     *     takes
     */
    record Route(
            String id,
            String file,
            int line,
            String description,
            String listener,
            List<String> types) {
        public Route {
            types = List.copyOf(types);
        }
    }

    /**
     * One port.
     *
     * @param listener address and port, for example {@code 127.0.0.1:2575}
     * @param connections how many are open
     * @param fault why it does not listen; null when it does
     * @param routes ids of the routes that take messages there
     */
    record Port(
            String listener,
            int connections,
            boolean open,
            @Nullable FileFault fault,
            List<String> routes) {
        public Port {
            routes = List.copyOf(routes);
        }
    }
}
