package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * When something was said, as far as it decides which of two statements is the later one. Never the
 * time of arrival: any order of arrival has to give the same chart.
 *
 * @param issued OBR-22, results report or status change
 * @param issuedUntil the last moment of an OBR-22 that is less exact than a second; else null
 * @param message MSH-7
 * @param controlId MSH-10
 */
public record Said(
        @Nullable Instant issued,
        @Nullable Instant issuedUntil,
        @Nullable Instant message,
        String controlId) {

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
        return Integer.signum(message.compareTo(other.message));
    }

    private boolean isIssuedAfter(Said other) {
        if (issued == null) return false;
        var last = other.issued == null ? other.message : other.issuedUntil;
        if (last == null) last = other.issued;
        return last != null && issued.isAfter(last);
    }
}
