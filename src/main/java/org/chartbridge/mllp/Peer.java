package org.chartbridge.mllp;

import java.net.InetSocketAddress;

/**
 * Who is at the other end of a connection.
 *
 * @param local the address and port of ours that was called
 * @param connection number of the connection, from 1, unique while the process lives
 */
public record Peer(InetSocketAddress remote, InetSocketAddress local, long connection) {}
