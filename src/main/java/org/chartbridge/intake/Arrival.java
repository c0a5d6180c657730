package org.chartbridge.intake;

import org.chartbridge.partner.Partner;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One message as it came in, before anything was done with it.
 *
 * @param partner whose message it is
 * @param route id of the route that takes it; empty of what came on a connection of ours, as an
 *     answer: it runs none
 * @param peer remote address and port, for people
 * @param receivedAt when its last byte had come; to the microsecond, as it is kept: it may decide
 *     what came later, and a rebuild has to say the same
 * @param raw its bytes exactly as sent, without the MLLP envelope
 */
public record Arrival(Partner partner, String route, String peer, Instant receivedAt, byte[] raw) {
    public Arrival {
        receivedAt = receivedAt.truncatedTo(ChronoUnit.MICROS);
    }

    /** Whether it came on a connection of ours, where answers belong. */
    boolean isAnswer() {
        return route.isEmpty();
    }

    /** The same, read by another version of its partner's folder. */
    Arrival by(Partner version) {
        return new Arrival(version, route, peer, receivedAt, raw);
    }
}
