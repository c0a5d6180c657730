package org.chartbridge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port for a server that a test starts later. Below the range Linux draws from for outgoing
 * connections and for port 0: a port from there may be given to somebody else before its server
 * starts, and on a busy machine it is.
 */
public final class FreePort {
    private static final int LOWEST = 10_000;
    private static final int PORTS = 10_000;
    private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

    private FreePort() {}

    public static int take() {
        for (var attempt = 0; attempt < 100; attempt++) {
            var port = LOWEST + ThreadLocalRandom.current().nextInt(PORTS);
            // ⚠ Whoever took it may listen there only now and then, or never again.
            if (TAKEN.add(port) && free(port)) return port;
        }
        throw new IllegalStateException("no free port between 10000 and 19999");
    }

    private static boolean free(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort() == port;
        } catch (IOException taken) {
            return false;
        }
    }
}
