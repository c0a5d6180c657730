package org.chartbridge.delivery;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Where an attempt goes.
 *
 * @param host name or address; without brackets
 */
public record Endpoint(String host, int port) {
    private static final String MLLP = "mllp:";

    public Endpoint {
        if (host.isBlank() || port < 1 || port > 65_535)
            throw new IllegalArgumentException("wanted a host and a port from 1 to 65535");
    }

    /**
     * Reads {@code mllp:host:port} or {@code mllp:[::1]:port}.
     *
     * @throws IllegalArgumentException when it is neither
     */
    public static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        if (!text.startsWith(MLLP) || colon < MLLP.length())
            throw new IllegalArgumentException("wanted mllp:host:port");
        var host = text.substring(MLLP.length(), colon);
        if (host.startsWith("//")) host = host.substring(2);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.contains(":") != bracketed)
            throw new IllegalArgumentException("wanted mllp:host:port");
        return new Endpoint(
                bracketed ? host.substring(1, host.length() - 1) : host, port(text, colon));
    }

    private static int port(String text, int colon) {
        var digits = text.substring(colon + 1);
        if (!digits.matches("[0-9]{1,5}"))
            throw new IllegalArgumentException("wanted a port from 1 to 65535");
        return Integer.parseInt(digits);
    }

    /** Whether it is certain that nothing leaves this machine. */
    public boolean isThisMachine() {
        if (host.equals("localhost")) return true;
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException _) { // A name: who knows where it leads.
            return false;
        }
    }

    InetSocketAddress socket() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    /** {@code 127.0.0.1:2577}, for people. */
    public String address() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** As a route writes it. */
    @Override
    public String toString() {
        return MLLP + address();
    }
}
