package org.chartbridge.routes;

import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.delivery.SentOrders;
import org.chartbridge.delivery.SetAside;
import org.chartbridge.intake.CodeRelease;
import org.chartbridge.intake.Reception;
import org.chartbridge.journal.FolderVersions;
import org.chartbridge.ordering.EnclosedChart;
import org.chartbridge.ordering.OrdersToPlace;
import org.chartbridge.ordering.ReceiversNumber;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Starts the routes in two steps, so that intake can stand between them: routes are loaded at
 * {@link #LOAD_PHASE}, ports open at {@link #OPEN_PHASE} and close first at the end.
 */
@Configuration(proxyBeanMethods = false)
class RoutesConfiguration {
    static final int LOAD_PHASE = SmartLifecycle.DEFAULT_PHASE - 2_000;
    static final int OPEN_PHASE = SmartLifecycle.DEFAULT_PHASE;

    /** A folder is loaded when it looked the same twice, so within two of these. */
    static final Duration LOOK_EVERY = Duration.ofMillis(700);

    @Bean
    RunningRoutes runningRoutes() {
        return new RunningRoutes();
    }

    @Bean
    OutboxRoutes outboxRoutes(DeliveryStore store, EnclosedChart chart, ReceiversNumber numbers) {
        return new OutboxRoutes(store::waiting, chart::with, numbers::with);
    }

    @Bean(destroyMethod = "")
    Listeners listeners(Reception reception) {
        return new Listeners(reception);
    }

    @Bean
    RouteFolders routeFolders(
            @Value("${chartbridge.routes:./routes}") Path root,
            Environment settings,
            RunningRoutes runner,
            Listeners listeners,
            OutboxRoutes outboxes,
            FolderVersions versions,
            SentOrders orders,
            OrdersToPlace toPlace,
            CodeRelease codes,
            SetAside aside) {
        var allowPlaintext =
                Binder.get(settings)
                        .bind("chartbridge.allow-plaintext", Bindable.listOf(String.class))
                        .orElse(List.of());
        var folders =
                new RouteFolders(
                        root,
                        new RouteFile.Environment(System.getenv(), allowPlaintext),
                        new CamelSteps(orders),
                        runner,
                        listeners,
                        outboxes,
                        versions::keep);
        folders.whenLoaded(
                partner -> {
                    codes.loaded(partner);
                    toPlace.loaded();
                    aside.loaded();
                });
        return folders;
    }

    @Bean
    SmartLifecycle loadingOfRoutes(RouteFolders folders) {
        return new Phase(LOAD_PHASE, folders::load, () -> {});
    }

    @Bean
    SmartLifecycle openingOfPorts(RouteFolders folders, Listeners listeners) {
        var watch = new FolderWatch(folders, LOOK_EVERY);
        return new Phase(
                OPEN_PHASE,
                () -> {
                    folders.beforeOpening();
                    listeners.open();
                    watch.start();
                },
                () -> {
                    watch.close();
                    listeners.close();
                });
    }
}
