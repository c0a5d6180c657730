package org.chartbridge.routes;

import io.micrometer.core.instrument.MeterRegistry;

import org.chartbridge.delivery.Couriers;
import org.chartbridge.delivery.DeliveryLimits;
import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.delivery.SetAside;
import org.chartbridge.intake.AnsweredDeliveries;
import org.chartbridge.intake.AnswersOnConnections;
import org.chartbridge.intake.Intake;
import org.chartbridge.intake.LateAlerts;
import org.chartbridge.ordering.OrdersToPlace;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.StringUtils;

import java.nio.file.Path;

import javax.sql.DataSource;

/**
 * Starts the broker, and delivering when the routes are there; ends it after intake, so that
 * whatever was staged last still finds a bell.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeliveryLimits.class)
class DeliveryConfiguration {
    static final int DELIVER_PHASE = RoutesConfiguration.LOAD_PHASE + 500;

    /** One setting decides: a URL means that broker and no other. */
    @Bean(destroyMethod = "close")
    Broker broker(
            @Value("${chartbridge.data}") Path data,
            @Value("${spring.artemis.broker-url:}") String url,
            @Value("${spring.artemis.user:}") String user,
            @Value("${spring.artemis.password:}") String password)
            throws Exception {
        return StringUtils.hasText(url)
                ? Broker.outside(url, user, password)
                : Broker.embedded(data.resolve("broker"));
    }

    @Bean(destroyMethod = "")
    Couriers couriers(
            DataSource dataSource,
            DeliveryStore store,
            OutboxRoutes outboxes,
            DeliveryLimits limits,
            MeterRegistry meters) {
        return new Couriers(dataSource, store, outboxes, limits, meters);
    }

    @Bean(destroyMethod = "")
    BellTower bellTower(Broker broker, Couriers couriers) {
        return new BellTower(broker, couriers);
    }

    @Bean(destroyMethod = "")
    EventFeed eventFeed(Broker broker) {
        return new EventFeed(broker);
    }

    @Bean
    SmartLifecycle delivering(
            Couriers couriers,
            BellTower bells,
            OutboxRoutes outboxes,
            Intake intake,
            AnswersOnConnections answers,
            AnsweredDeliveries answered,
            EventFeed events,
            SetAside aside,
            OrdersToPlace toPlace,
            LateAlerts alerts) {
        return new Phase(
                DELIVER_PHASE,
                () -> {
                    bells.start();
                    events.start();
                    couriers.onChange(events::changed);
                    couriers.onLateAnswer(answers);
                    couriers.onAnswer(answered);
                    couriers.whenSwept(
                            () -> {
                                alerts.swept();
                                aside.swept();
                                answered.noted();
                                // What was held back on its way and accepted has left.
                                toPlace.orderLeft();
                            });
                    intake.onDecided(alerts::soon);
                    intake.onSettled(events::changed);
                    couriers.start(bells);
                    outboxes.onChange(couriers::look);
                    intake.onStaged(bells);
                    intake.onOrders(toPlace::orderLeft);
                },
                () -> {
                    bells.close();
                    couriers.close();
                    events.close();
                });
    }

    @Bean
    BrokerHealth brokerHealthIndicator(Broker broker, BellTower bells) {
        return new BrokerHealth(broker, bells);
    }
}
