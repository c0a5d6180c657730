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
 *     where it is exact to the second; that of MSH-7, and so before OBR-22, where OBR-22 lies
 *     clearly after it and is not used
 * @param message MSH-7; the moment at which the message came where MSH-7 lies after that
 * @param claimed MSH-7 where it lies clearly after the moment at which the message came, which then
 *     is all that is known: it was said before; else null
 * @param controlId MSH-10
 */
public record Said(
        @Nullable Instant issued,
        @Nullable Instant until,
        @Nullable Instant message,
        @Nullable Instant claimed,
        String controlId) {

    /** By so much a clock with a wrong zone is ahead at most. */
    private static final Duration MAX_AHEAD = Duration.ofDays(1);

    /** By so much clocks go back; an OBR-22 without minutes is less exact by a little less. */
    private static final Duration HOUR = Duration.ofHours(1);

    public Said(@Nullable Instant issued, @Nullable Instant message, String controlId) {
        this(issued, null, message, null, controlId);
    }

    public Said(
            @Nullable Instant issued,
            @Nullable Instant until,
            @Nullable Instant message,
            String controlId) {
        this(issued, until, message, null, controlId);
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
        if (isMistimed() || other.isMistimed()) return againstMistimed(other);
        if (message.isAfter(other.lastOfMessage(other.message))) return 1;
        return other.message.isAfter(lastOfMessage(message)) ? -1 : 0;
    }

    /** Whether its MSH-7 lies clearly after the moment at which the message came. */
    boolean isMistimed() {
        return claimed != null;
    }

    /**
     * ⚠ Of what is mistimed nobody knows how long before it came it was said, so it comes after
     * nothing for certain. A clock that is always fast is right about its own messages: of two such
     * the order of MSH-7 counts where they came in that order, too.
     */
    private int againstMistimed(Said other) {
        if (message == null || other.message == null) return 0;
        if (claimed == null) return message.isAfter(other.lastPossible(other.message)) ? 1 : 0;
        if (other.claimed == null) return -other.againstMistimed(this);
        int order = asClaimed().against(other.asClaimed());
        int came = message.compareTo(other.message);
        return order * came < 0 ? 0 : order;
    }

    private Said asClaimed() {
        return new Said(issued, until, claimed, null, controlId);
    }

    /**
     * The moment at which it came. Where MSH-7 lies within a day of it, that: messages of the same
     * clock that came later may lie between the two ⚠.
     */
    private Instant lastPossible(Instant came) {
        return claimed == null || claimed.isAfter(came.plus(MAX_AHEAD))
                ? lastOfMessage(came)
                : claimed;
    }

    /** Whether OBR-22 lies after the message that says it, which can't be. */
    public boolean isIssuedInFuture() {
        return isIssuedAfterSent()
                || (issued != null && message != null && issued.isAfter(message.plus(MAX_AHEAD)));
    }

    private boolean isIssuedAfterSent() {
        return issued != null && until != null && until.isBefore(issued);
    }

    /** OBR-22, unless it is impossible ⚠: else nothing could ever come after it. */
    public @Nullable Instant possiblyIssued() {
        boolean agreesWithClaim =
                isMistimed() && issued != null && message != null && issued.isAfter(message);
        return agreesWithClaim || isIssuedInFuture() ? null : issued;
    }

    private boolean isIssuedAfter(Said other) {
        var mine = possiblyIssued();
        if (mine == null) return false;
        var others = other.possiblyIssued();
        var last = others;
        if (other.message != null && others == null) last = other.lastPossible(other.message);
        else if (others != null && other.until != null) last = other.until;
        return last != null && mine.isAfter(last);
    }

    /** MSH-7 may be a date only, or lie in the hour that comes twice, as OBR-22 does then ⚠. */
    private Instant lastOfMessage(Instant first) {
        if (until == null) return first;
        if (issued == null || isIssuedAfterSent()) return until.isBefore(first) ? first : until;
        var span = Duration.between(issued, until);
        return span.compareTo(HOUR) >= 0 && span.compareTo(HOUR.multipliedBy(2)) < 0
                ? first.plus(span)
                : first;
    }
}
