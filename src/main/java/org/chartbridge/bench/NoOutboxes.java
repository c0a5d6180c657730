package org.chartbridge.bench;

import org.chartbridge.delivery.Outboxes;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Outside the engine there are no routes. */
final class NoOutboxes implements Outboxes {
    @Override
    public Optional<Outbox> find(String destination) {
        return Optional.empty();
    }

    @Override
    public Collection<String> destinations() {
        return List.of();
    }
}
