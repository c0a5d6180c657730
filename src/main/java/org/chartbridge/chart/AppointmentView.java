package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An appointment as it stands.
 *
 * @param active whether its sender has not deleted it (S17)
 * @param number SCH-2, else SCH-1, with its namespace
 * @param state {@code booked}, {@code waitlist}, {@code completed}, {@code cancelled} or {@code
 *     no-show}
 * @param stateAsSent SCH-25
 * @param service AIS-3 of the first; empty when not sent
 * @param orderNumbers SCH-26 and SCH-27, with their namespaces
 */
public record AppointmentView(
        long id,
        UUID personId,
        boolean active,
        String number,
        String state,
        String stateAsSent,
        CodingView service,
        String type,
        String reason,
        @Nullable Instant starts,
        String startsAsSent,
        @Nullable Instant ends,
        String endsAsSent,
        String duration,
        String clinician,
        String location,
        List<String> orderNumbers,
        Supporting supporting,
        Source source) {

    public boolean isCancelled() {
        return state.equals("cancelled");
    }

    /** The id only. */
    @Override
    public String toString() {
        return "AppointmentView[id=" + id + "]";
    }
}
