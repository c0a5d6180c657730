package org.chartbridge.routes;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;

import java.util.Map;

/**
 * The words {@code chart} and {@code answer}: note that the message is to be charted, or that a
 * query is to be answered, and do nothing else.
 */
final class ChartComponent extends DefaultComponent {
    static final String CHART = "chart:message";
    static final String ANSWER = "answer:query";

    private final java.util.function.Consumer<Staging> note;

    ChartComponent(java.util.function.Consumer<Staging> note) {
        this.note = note;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> options) {
        return new ChartEndpoint(uri, this, note);
    }

    private static final class ChartEndpoint extends DefaultEndpoint {
        private final java.util.function.Consumer<Staging> note;

        ChartEndpoint(
                String uri, ChartComponent component, java.util.function.Consumer<Staging> note) {
            super(uri, component);
            this.note = note;
        }

        @Override
        public Producer createProducer() {
            return new ChartProducer(this, note);
        }

        @Override
        public Consumer createConsumer(Processor steps) {
            throw new UnsupportedOperationException(
                    "a route can't begin with chart or answer; begin it with mllp:address:port");
        }
    }

    private static final class ChartProducer extends DefaultAsyncProducer {
        private final java.util.function.Consumer<Staging> note;

        ChartProducer(ChartEndpoint endpoint, java.util.function.Consumer<Staging> note) {
            super(endpoint);
            this.note = note;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            note.accept(Staging.of(exchange));
            callback.done(true);
            return true;
        }
    }
}
