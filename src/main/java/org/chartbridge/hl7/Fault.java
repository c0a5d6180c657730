package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong, doubtful or was put right in a message; becomes one ERR (std 2.15.5).
 *
 * @param location where, as far as known; null when it concerns the whole message
 * @param reason a stable short rule id in kebab-case, such as {@code text-not-storable}
 * @param text plain words and the remedy, one line, never content of the message
 */
public record Fault(
        @Nullable Location location,
        ErrorCode code,
        Severity severity,
        String reason,
        String text) {

    public static Fault error(
            @Nullable Location location, ErrorCode code, String reason, String text) {
        return new Fault(location, code, Severity.E, reason, text);
    }

    public static Fault warning(
            @Nullable Location location, ErrorCode code, String reason, String text) {
        return new Fault(location, code, Severity.W, reason, text);
    }

    public static Fault information(
            @Nullable Location location, ErrorCode code, String reason, String text) {
        return new Fault(location, code, Severity.I, reason, text);
    }

    /** The same fault, known to be at a place. */
    public Fault at(Location place) {
        return new Fault(place, code, severity, reason, text);
    }
}
