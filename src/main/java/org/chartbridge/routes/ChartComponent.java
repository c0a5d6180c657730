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

/** The word {@code chart}: notes that the message is to be charted, and does nothing else. */
final class ChartComponent extends DefaultComponent {
    static final String URI = "chart:message";

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> options) {
        return new ChartEndpoint(uri, this);
    }

    private static final class ChartEndpoint extends DefaultEndpoint {
        ChartEndpoint(String uri, ChartComponent component) {
            super(uri, component);
        }

        @Override
        public Producer createProducer() {
            return new ChartProducer(this);
        }

        @Override
        public Consumer createConsumer(Processor steps) {
            throw new UnsupportedOperationException(
                    "a route can't begin with chart; begin it with mllp:address:port");
        }
    }

    private static final class ChartProducer extends DefaultAsyncProducer {
        ChartProducer(ChartEndpoint endpoint) {
            super(endpoint);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Staging.of(exchange).chart();
            callback.done(true);
            return true;
        }
    }
}
