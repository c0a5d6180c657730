package org.chartbridge.mllp;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;

/**
 * Who is at the other end of a connection.
 *
 * @param local the address and port of ours that was called
 * @param connection number of the connection, from 1, unique while the process lives
 * @param certificate what it showed and this side trusts; null without TLS, or when none was asked
 *     for or shown
 */
public record Peer(
        InetSocketAddress remote,
        InetSocketAddress local,
        long connection,
        @Nullable X509Certificate certificate) {

    /** Of a connection without TLS. */
    public Peer(InetSocketAddress remote, InetSocketAddress local, long connection) {
        this(remote, local, connection, null);
    }

    Peer showing(@Nullable X509Certificate shown) {
        return new Peer(remote, local, connection, shown);
    }

    /** Without the certificate, which is long. */
    @Override
    public String toString() {
        return "connection " + connection + " from " + remote;
    }
}
