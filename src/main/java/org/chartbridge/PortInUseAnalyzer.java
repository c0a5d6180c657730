package org.chartbridge;

import org.chartbridge.start.PortHolder;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Names who holds the console's port. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class PortInUseAnalyzer extends AbstractFailureAnalyzer<PortInUseException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PortInUseException cause) {
        var port = cause.getPort();
        var holder = PortHolder.of(port).map(PortHolder::toString).orElse("another user's process");
        return new FailureAnalysis(
                "The console's port " + port + " is held by " + holder + ".",
                "End that process, or choose another port: --server.port=PORT",
                cause);
    }
}
