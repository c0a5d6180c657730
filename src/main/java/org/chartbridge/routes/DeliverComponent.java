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

/** The word {@code deliver:partner/queue}: notes that the body, as it is now, is to be sent on. */
final class DeliverComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String destination, Map<String, Object> options) {
        return new DeliverEndpoint(uri, this, destination);
    }

    private static final class DeliverEndpoint extends DefaultEndpoint {
        private final String destination;

        DeliverEndpoint(String uri, DeliverComponent component, String destination) {
            super(uri, component);
            this.destination = destination;
        }

        @Override
        public Producer createProducer() {
            return new DeliverProducer(this);
        }

        @Override
        public Consumer createConsumer(Processor steps) {
            throw new UnsupportedOperationException(
                    "deliver is a step; deliveries come from outbox");
        }
    }

    private static final class DeliverProducer extends DefaultAsyncProducer {
        private final String destination;

        DeliverProducer(DeliverEndpoint endpoint) {
            super(endpoint);
            this.destination = endpoint.destination;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Staging.of(exchange).deliver(destination, exchange.getMessage().getBody());
            callback.done(true);
            return true;
        }
    }
}
