package org.chartbridge.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Where the embedded server listens: ports that nobody else is given by chance. */
final class LoopbackPorts {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    /** Below the range Linux draws the ports of outgoing connections from. */
    private static final int LOWEST = 20_000;

    private static final int COUNT = 10_000;

    private LoopbackPorts() {}

    /** A port that is free now. */
    static int any() throws IOException {
        for (var attempt = 0; attempt < 100; attempt++) {
            var port = LOWEST + ThreadLocalRandom.current().nextInt(COUNT);
            if (isFree(port)) return port;
        }
        throw new IOException("no free port between " + LOWEST + " and " + (LOWEST + COUNT - 1));
    }

    /** Whether one could listen there now; never at 0. */
    static boolean isFree(int port) {
        if (port == 0) return false;
        try (var socket = new ServerSocket()) {
            // Connections of the last run that are still closing do not count as taken.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
