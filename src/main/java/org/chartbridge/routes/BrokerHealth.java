package org.chartbridge.routes;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether bells ring over the broker. A start of the embedded one may fail and say so nowhere else.
 * Not part of readiness: without a broker messages are taken and delivered all the same.
 */
final class BrokerHealth implements HealthIndicator {
    private final Broker broker;
    private final BellTower bells;

    BrokerHealth(Broker broker, BellTower bells) {
        this.broker = broker;
        this.bells = bells;
    }

    @Override
    public Health health() {
        var health = broker.isActive() && !bells.isGone() ? Health.up() : Health.down();
        return health.withDetail("broker", broker.description()).build();
    }
}
