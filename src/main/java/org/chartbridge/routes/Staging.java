package org.chartbridge.routes;

import org.apache.camel.Exchange;

import java.util.Objects;

/** What the steps of one run have staged. Copies of an exchange (split, multicast) share it. */
final class Staging {
    /** The exchange property that holds it. */
    static final String PROPERTY = "chartbridge-staging";

    private boolean chart;
    private String step = "";

    /** The one of this run. */
    static Staging of(Exchange exchange) {
        return Objects.requireNonNull(exchange.getProperty(PROPERTY, Staging.class), PROPERTY);
    }

    void chart() {
        chart = true;
    }

    void reached(String id) {
        step = id;
    }

    /** Id of the step that was reached last, "" before the first. */
    String step() {
        return step;
    }

    boolean charts() {
        return chart;
    }
}
