package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * When something was said, as far as it decides which of two statements is the later one. Never the
 * time of arrival: any order of arrival has to give the same chart.
 *
 * @param issued OBR-22, results report or status change
 * @param until the last moment that OBR-22, or MSH-7 where OBR-22 was not sent, may mean; null
 *     where it is exact to the second
 * @param message MSH-7
 * @param controlId MSH-10
 */
public record Said(
        @Nullable Instant issued,
        @Nullable Instant until,
        @Nullable Instant message,
        String controlId) {

    /** Zones and a date for a time put OBR-22 at most so far behind its own MSH-7. */
    private static final Duration MAX_AHEAD = Duration.ofDays(1);

    /** By so much clocks go back; an OBR-22 without minutes is less exact by a little less. */
    private static final Duration HOUR = Duration.ofHours(1);

    public Said(@Nullable Instant issued, @Nullable Instant message, String controlId) {
        this(issued, null, message, controlId);
    }

    /**
     * Whether it was said after another statement, by times that may have been sent less exactly in
     * one of the two, or not at all: OBR-22 where both say it and one is certainly the later; what
     * was issued after the other was sent; else MSH-7.
     *
     * @return 1 after it, -1 before it, 0 when the times don't tell
     */
    int against(Said other) {
        if (isIssuedAfter(other)) return 1;
        if (other.isIssuedAfter(this)) return -1;
        if (message == null || other.message == null) return 0;
        if (message.isAfter(other.lastOfMessage(other.message))) return 1;
        return other.message.isAfter(lastOfMessage(message)) ? -1 : 0;
    }

    /** Whether OBR-22 lies after the message that says it, which can't be. */
    public boolean isIssuedInFuture() {
        return issued != null && message != null && issued.isAfter(message.plus(MAX_AHEAD));
    }

    /** OBR-22, unless it is impossible ⚠: else nothing could ever come after it. */
    public @Nullable Instant possiblyIssued() {
        return isIssuedInFuture() ? null : issued;
    }

    private boolean isIssuedAfter(Said other) {
        var mine = possiblyIssued();
        if (mine == null) return false;
        var others = other.possiblyIssued();
        var last = others;
        if (other.message != null && others == null) last = other.lastOfMessage(other.message);
        else if (others != null && other.until != null) last = other.until;
        return last != null && mine.isAfter(last);
    }

    /** MSH-7 may be a date only, or lie in the hour that comes twice, as OBR-22 does then ⚠. */
    private Instant lastOfMessage(Instant first) {
        if (until == null) return first;
        if (issued == null) return until;
        var span = Duration.between(issued, until);
        return span.compareTo(HOUR) >= 0 && span.compareTo(HOUR.multipliedBy(2)) < 0
                ? first.plus(span)
                : first;
    }
}
