package org.chartbridge.routes;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A port that a route listens on. */
record Address(InetAddress ip, int port) implements Door, Comparable<Address> {

    /**
     * Reads {@code 127.0.0.1:2575}, {@code [::1]:2575} or {@code localhost:2575}. No other names: a
     * name server must not decide where we listen.
     *
     * @return null when it is none of these
     */
    static @Nullable Address parse(String text) {
        var colon = text.lastIndexOf(':');
        if (colon < 1) return null;
        var port = port(text.substring(colon + 1));
        var host = text.substring(0, colon);
        if (port == null) return null;
        if (host.equals("localhost")) return new Address(InetAddress.getLoopbackAddress(), port);
        var bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.contains(":") != bracketed) return null;
        try {
            return new Address(InetAddress.ofLiteral(host), port);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static @Nullable Integer port(String text) {
        if (!text.matches("[0-9]{1,5}")) return null;
        var port = Integer.parseInt(text);
        return port >= 1 && port <= 65_535 ? port : null;
    }

    boolean isLoopback() {
        return ip.isLoopbackAddress();
    }

    InetSocketAddress socket() {
        return new InetSocketAddress(ip, port);
    }

    @Override
    public int compareTo(Address other) {
        return toString().compareTo(other.toString());
    }

    /** As it is written in a route. */
    @Override
    public String toString() {
        var host = ip.getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
