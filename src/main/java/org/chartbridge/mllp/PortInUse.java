package org.chartbridge.mllp;

import java.io.Serial;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Another process, or another listener of ours, has the port. */
public final class PortInUse extends CannotListen {
    @Serial private static final long serialVersionUID = 1L;

    private final transient Optional<PortHolder> holder;

    PortInUse(InetSocketAddress address, Optional<PortHolder> holder, Throwable cause) {
        super(
                address,
                holder.map(h -> "in use by process " + h.pid() + " (" + h.command() + ")")
                        .orElse("in use by another process"),
                cause);
        this.holder = holder;
    }

    /** Who has it; empty if the system doesn't tell, as for other users' processes. */
    public Optional<PortHolder> holder() {
        return holder;
    }
}
