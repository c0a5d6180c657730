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
import java.util.function.BiConsumer;

/**
 * The words {@code chart}, {@code answer}, {@code order} and {@code refer}: note that the message
 * is to be charted, that a query is to be answered, or that the orders of the body go to the
 * laboratories they are for, or its referral to whom it is for, and do nothing else.
 */
final class NotingComponent extends DefaultComponent {
    static final String CHART = "chart:message";
    static final String ANSWER = "answer:query";
    static final String ORDER = "order:tests";
    static final String REFER = "refer:patient";

    private final BiConsumer<Staging, Object> note;

    NotingComponent(BiConsumer<Staging, Object> note) {
        this.note = note;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> options) {
        return new NotingEndpoint(uri, this, note);
    }

    private static final class NotingEndpoint extends DefaultEndpoint {
        private final BiConsumer<Staging, Object> note;

        NotingEndpoint(String uri, NotingComponent component, BiConsumer<Staging, Object> note) {
            super(uri, component);
            this.note = note;
        }

        @Override
        public Producer createProducer() {
            return new NotingProducer(this, note);
        }

        @Override
        public Consumer createConsumer(Processor steps) {
            throw new UnsupportedOperationException(
                    "a route can't begin with chart, answer, order or refer; begin it with"
                            + " mllp:address:port");
        }
    }

    private static final class NotingProducer extends DefaultAsyncProducer {
        private final BiConsumer<Staging, Object> note;

        NotingProducer(NotingEndpoint endpoint, BiConsumer<Staging, Object> note) {
            super(endpoint);
            this.note = note;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            note.accept(Staging.of(exchange), exchange.getMessage().getBody());
            callback.done(true);
            return true;
        }
    }
}
