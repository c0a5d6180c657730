package org.chartbridge.routes;

import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The word {@code mllp} as a source. Its consumers open no port: ports are shared by partners and
 * outlive any version of a route, see {@link Listeners}. A consumer only stands ready to be given
 * messages by the name of its route's version.
 */
final class MllpComponent extends DefaultComponent {
    private final Map<String, MllpConsumer> consumers = new ConcurrentHashMap<>();

    /** The consumer of a route's version, once Camel has started it. */
    @Nullable MllpConsumer consumer(String version) {
        return consumers.get(version);
    }

    /** The endpoint of a route's version. */
    static String uri(String version) {
        return "mllp:" + version;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String version, Map<String, Object> options) {
        return new MllpEndpoint(uri, version);
    }

    private final class MllpEndpoint extends DefaultEndpoint {
        private final String version;

        MllpEndpoint(String uri, String version) {
            super(uri, MllpComponent.this);
            this.version = version;
        }

        @Override
        public Producer createProducer() {
            // Route files can't ask for it: what they send to is made by SendComponent.
            throw new IllegalStateException("mllp: in from receives");
        }

        @Override
        public Consumer createConsumer(Processor steps) {
            return new MllpConsumer(this, version, steps);
        }
    }

    /** Takes messages for one version of a route. */
    final class MllpConsumer extends DefaultConsumer {
        private final String version;

        MllpConsumer(Endpoint endpoint, String version, Processor steps) {
            super(endpoint, steps);
            this.version = version;
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            consumers.put(version, this);
        }

        @Override
        protected void doStop() throws Exception {
            consumers.remove(version, this);
            super.doStop();
        }
    }
}
