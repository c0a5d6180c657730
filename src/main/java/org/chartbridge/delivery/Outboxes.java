package org.chartbridge.delivery;

import org.chartbridge.mllp.Tls;
import org.chartbridge.partner.Login;

import java.nio.charset.Charset;
import java.util.Collection;
import java.util.Optional;

/** The outbox routes that run; implemented where routes live. May be asked from any thread. */
public interface Outboxes {

    /** The route that takes deliveries of a destination; empty while there is none. */
    Optional<Outbox> find(String destination);

    /** The destinations that have a route. */
    Collection<String> destinations();

    /** What one outbox route says. */
    interface Outbox {

        /** How many deliveries may be unanswered on the connection at a time, from 1. */
        int window();

        /** Whether the partner discards what it knows by MSH-10. */
        boolean deduplicates();

        /** How answers without MSH-18 are read. */
        Charset charset();

        /** How a connection to this endpoint is to be opened now. */
        Security security(Endpoint endpoint);

        /** What is shown to the partner beside a certificate. */
        default Optional<Login> login() {
            return Optional.empty();
        }

        /**
         * Runs the route on a staged body. Has no effect on the world, and does not throw.
         *
         * @param sender the partner whose message caused it, whose character set a body without
         *     MSH-18 is read by
         */
        Made make(byte[] body, String sender);

        /**
         * The same for a delivery that a message caused: what its receiver is to get of the chart
         * besides is in it. Reads the chart, and throws when that can't be read now.
         */
        default Made make(byte[] body, String sender, long entryId) {
            return make(body, sender);
        }
    }

    /** What stands between us and a partner. */
    sealed interface Security {

        /** Nothing, which is meant so. */
        record Plain() implements Security {}

        record Secured(Tls tls) implements Security {}

        /**
         * No connection may be opened.
         *
         * @param why for people, with the remedy
         */
        record Missing(String why) implements Security {}
    }

    /** What a route made of a body. */
    sealed interface Made {

        /** What to send, and where. */
        record Ready(Endpoint endpoint, byte[] content) implements Made {}

        /**
         * Nothing that can be sent.
         *
         * @param why for people: file and step, what is wrong, the remedy; no content
         * @param ofMessage whether this message is in the way, and others may be made
         */
        record Failed(String why, boolean ofMessage) implements Made {
            public Failed(String why) {
                this(why, false);
            }
        }
    }
}
