package org.chartbridge.console;

import org.chartbridge.database.TestDatabase;
import org.springframework.test.context.DynamicPropertyRegistry;

import java.util.List;

/** What tests of pages share: the settings of an engine without routes, and every address. */
final class ConsolePages {
    static final String PASSWORD = "a sentence for tests only";

    private ConsolePages() {}

    static void settings(DynamicPropertyRegistry registry, TestDatabase database) {
        database.register(registry);
        registry.add("chartbridge.admin-password", () -> PASSWORD);
        registry.add("chartbridge.routes", () -> "target/no-routes");
    }

    /** One page. */
    record Named(String name, String address) {}

    /** Every page, with something on it. */
    static List<Named> all(ConsoleSeed seed) {
        var juergen = "/patients/" + ConsoleSeed.JUERGEN;
        return List.of(
                new Named("overview", "/"),
                new Named("messages", "/messages"),
                new Named("messages-held", "/messages?state=held&when=today"),
                new Named("messages-none", "/messages?control=nothing"),
                new Named("message-tree", "/messages/" + seed.first),
                new Named("message-held", "/messages/" + seed.held),
                new Named("message-raw", "/messages/" + seed.held + "?view=raw"),
                new Named("message-answer", "/messages/" + seed.correcting + "?view=answer"),
                new Named("message-facts", "/messages/" + seed.first + "?view=facts"),
                new Named("message-from", "/messages/" + seed.first + "/from"),
                new Named("chart-from", juergen + "/from/" + seed.first + "?fact=OBX%5B1%5D"),
                new Named("worklist", "/worklist"),
                new Named("orders-to-place", "/worklist/orders"),
                new Named("unmade", "/worklist/unmade"),
                new Named("deliveries", "/deliveries"),
                new Named("destination-waiting", "/deliveries/emr/results"),
                new Named("destination-paused", "/deliveries/northlab/orders"),
                new Named("delivery-accepted", "/deliveries/emr/notices/71"),
                new Named("delivery-paused", "/deliveries/northlab/orders/72"),
                new Named("delivery-replaced", "/deliveries/northlab/orders/73"),
                new Named("stray", "/stray"),
                new Named("codes", "/codes"),
                new Named("rebuild", "/rebuild"),
                new Named("alerts", "/alerts"),
                new Named("notices", "/notices"),
                new Named("pool", "/pool"),
                new Named("to-sign", "/to-sign"),
                new Named("open-orders", "/open-orders?period=all"),
                new Named("open-order", "/open-orders/order/" + seed.order),
                new Named("patients", "/patients"),
                new Named("chart", juergen),
                new Named("chart-text", "/patients/" + ConsoleSeed.LONG_NAME),
                new Named("chart-odd", "/patients/" + ConsoleSeed.ODD),
                new Named("place-order", juergen + "/order"),
                new Named("over-time", juergen + "/over-time?system=LN&code=2823-3"),
                new Named("over-time-corrected", juergen + "/over-time?system=LN&code=718-7"),
                new Named("help", "/help"),
                new Named("help-page", "/help/partner-yaml"),
                new Named("error-404", "/messages/999999999"));
    }
}
