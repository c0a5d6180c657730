package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;

/**
 * An immunization, given or not.
 *
 * @param active whether its sender has not taken it back
 * @param number ORC-3, empty when not sent
 * @param given RXA-3
 * @param completion RXA-20, table 0322: CP complete, PA partial, RE refused, NA not given; empty
 *     means complete
 * @param reason RXA-18, why it was refused
 * @param origin RXA-9: 00 given by the sender, 01 and on known from elsewhere
 * @param expiresAsSent RXA-16
 * @param details what OBX say of it, a line each
 */
public record ImmunizationView(
        long id,
        UUID personId,
        boolean active,
        CodingView vaccine,
        String number,
        @Nullable Instant given,
        String givenAsSent,
        String completion,
        String reason,
        String origin,
        String dose,
        String route,
        String site,
        String lot,
        String expiresAsSent,
        String manufacturer,
        String clinician,
        String details,
        Supporting supporting,
        Source source) {

    /** Refused or not given: the patient is not protected by it ⚠. */
    public boolean isNotGiven() {
        return completion.equals("RE") || completion.equals("NA");
    }

    /** The id only. */
    @Override
    public String toString() {
        return "ImmunizationView[id=" + id + "]";
    }
}
