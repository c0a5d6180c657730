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
import org.chartbridge.partner.EditScript;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The word {@code edit:orders.edit.yaml}: makes another body of the body, and nothing else. */
final class EditComponent extends DefaultComponent {
    private final Map<String, EditScript> scripts = new HashMap<>();
    private long number;

    /** The endpoint of one step of a route's version. */
    synchronized String uri(String version, EditScript script) {
        var name = version + "-" + ++number;
        scripts.put(name, script);
        return "edit:" + name;
    }

    /** The pattern of all endpoints of a version. */
    static String all(String version) {
        return "edit:" + version + "-*";
    }

    @Override
    protected synchronized Endpoint createEndpoint(
            String uri, String name, Map<String, Object> options) {
        return new EditEndpoint(uri, this, Objects.requireNonNull(scripts.remove(name), name));
    }

    private static final class EditEndpoint extends DefaultEndpoint {
        private final EditScript script;

        EditEndpoint(String uri, EditComponent component, EditScript script) {
            super(uri, component);
            this.script = script;
        }

        @Override
        public Producer createProducer() {
            return new EditProducer(this);
        }

        @Override
        public Consumer createConsumer(Processor steps) {
            throw new UnsupportedOperationException("editing is a step, not a source");
        }
    }

    private static final class EditProducer extends DefaultAsyncProducer {
        private final EditScript script;

        EditProducer(EditEndpoint endpoint) {
            super(endpoint);
            this.script = endpoint.script;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            try {
                var message = exchange.getMessage();
                var edited = Staging.of(exchange).edited(message.getBody(), script);
                message.setBody(edited);
                Running.note(message, edited);
            } catch (NotPossible e) {
                exchange.setException(e);
            }
            callback.done(true);
            return true;
        }
    }
}
