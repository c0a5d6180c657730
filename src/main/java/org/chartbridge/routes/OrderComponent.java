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
 * The word {@code order}: notes that the orders of the body go to the laboratories they are for.
 */
final class OrderComponent extends DefaultComponent {

    static final String URI = "order:tests";

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> options) {
        return new OrderEndpoint(uri, this);
    }

    private static final class OrderEndpoint extends DefaultEndpoint {
        OrderEndpoint(String uri, OrderComponent component) {
            super(uri, component);
        }

        @Override
        public Producer createProducer() {
            return new OrderProducer(this);
        }

        @Override
        public Consumer createConsumer(Processor steps) {
            throw new UnsupportedOperationException(
                    "order is a step; a route begins with mllp:address:port");
        }
    }

    private static final class OrderProducer extends DefaultAsyncProducer {
        OrderProducer(OrderEndpoint endpoint) {
            super(endpoint);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Staging.of(exchange).order(exchange.getMessage().getBody());
            callback.done(true);
            return true;
        }
    }
}
