package org.chartbridge.mllp;

import java.io.IOException;
import java.io.Serial;
import java.net.InetSocketAddress;

/** A port could not be opened; the message says which and why, in words for the log. */
public sealed class CannotListen extends IOException permits PortInUse {
    @Serial private static final long serialVersionUID = 1L;

    private final InetSocketAddress address;

    CannotListen(InetSocketAddress address, String why, Throwable cause) {
        super("cannot listen on " + words(address) + ": " + why, cause);
        this.address = address;
    }

    public InetSocketAddress address() {
        return address;
    }

    private static String words(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }
}
