package org.chartbridge.mllp;

/**
 * Bytes that a peer sent and that are no message.
 *
 * @param excerpt the first of them, at most {@link Limits#maxStrayBytes()}; may hold patient data
 * @param totalBytes how many there were
 */
public record Stray(Cause cause, byte[] excerpt, long totalBytes) {

    /** Why they are no message. */
    public enum Cause {
        /** They stood before, between or after frames. */
        BETWEEN_FRAMES("bytes outside a frame", false),
        /** The connection ended before their frame did. */
        UNFINISHED_AT_CLOSE("a frame without an end when the connection closed", false),
        /** A new 0x0B came before their frame ended. */
        REPLACED_BY_NEW_START("a frame without an end before the next one", false),
        /** Their frame, or their run between frames, grew over {@link Limits#maxFrameBytes()}. */
        TOO_LARGE("more bytes than maxFrameBytes without an end", true),
        /** Their frame grew too slowly, see {@link Limits#frameTimeout()}. */
        TIMED_OUT("a frame that did not go on", true),
        /** All unfinished frames together filled {@link MllpNetwork#maxHeldBytes()}. */
        NO_ROOM("no room for another unfinished frame", true),
        /** {@link Limits#maxStraysInARow()} was reached without one whole frame. */
        TOO_MANY("nothing but stray bytes", true),
        /** A browser or another HTTP client called. */
        HTTP("an HTTP client on an MLLP port", true),
        /** A TLS client called where TLS is not spoken. */
        TLS("a TLS client on a plain port", true);

        private final String words;
        private final boolean fatal;

        Cause(String words, boolean fatal) {
            this.words = words;
            this.fatal = fatal;
        }

        /** For people: "a TLS client on a plain port". */
        public String words() {
            return words;
        }

        /** Whether the connection is closed because of them. */
        public boolean fatal() {
            return fatal;
        }
    }

    /** Whether these are only CR and LF, which many senders put behind every frame. */
    public boolean onlyLineEnds() {
        if (totalBytes > excerpt.length) return false;
        for (var b : excerpt) if (b != '\r' && b != '\n') return false;
        return true;
    }

    /** Says how many bytes, never which. */
    @Override
    public String toString() {
        return cause.words() + ", " + totalBytes + " bytes";
    }
}
