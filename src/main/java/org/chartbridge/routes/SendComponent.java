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

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The word {@code mllp:host:port} behind an outbox: notes what is to be sent, and where. It opens
 * no connection; sending begins once the attempt is on disk, see {@code delivery}.
 */
final class SendComponent extends DefaultComponent {
    // By a name of ours: Camel would read brackets and the like in its own way.
    private final Map<String, org.chartbridge.delivery.Endpoint> endpoints =
            new ConcurrentHashMap<>();
    private final Map<org.chartbridge.delivery.Endpoint, String> names = new HashMap<>();

    /** The Camel endpoint that stands for this one. */
    synchronized String uri(org.chartbridge.delivery.Endpoint endpoint) {
        return "send:"
                + names.computeIfAbsent(
                        endpoint,
                        _ -> {
                            var name = "endpoint-" + (names.size() + 1);
                            endpoints.put(name, endpoint);
                            return name;
                        });
    }

    @Override
    protected Endpoint createEndpoint(String uri, String name, Map<String, Object> options) {
        return new SendEndpoint(uri, this, Objects.requireNonNull(endpoints.get(name), name));
    }

    private static final class SendEndpoint extends DefaultEndpoint {
        private final org.chartbridge.delivery.Endpoint target;

        SendEndpoint(
                String uri, SendComponent component, org.chartbridge.delivery.Endpoint target) {
            super(uri, component);
            this.target = target;
        }

        @Override
        public Producer createProducer() {
            return new SendProducer(this);
        }

        @Override
        public Consumer createConsumer(Processor steps) {
            throw new UnsupportedOperationException("sending is a step, not a source");
        }
    }

    private static final class SendProducer extends DefaultAsyncProducer {
        private final org.chartbridge.delivery.Endpoint target;

        SendProducer(SendEndpoint endpoint) {
            super(endpoint);
            this.target = endpoint.target;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Staging.of(exchange).send(target, exchange.getMessage().getBody());
            callback.done(true);
            return true;
        }
    }
}
