package org.chartbridge.hl7;

/**
 * What one message may hold. The size of a frame is limited where it is received; these bound what
 * reading may cost on top of that.
 */
public final class Limits {
    /** Segments of one message; the largest seen in the wild have some thousands. */
    public static final int MAX_SEGMENTS = 100_000;

    /** Bytes of one field: an embedded PDF of about 48 MB. */
    public static final int MAX_FIELD_BYTES = 64 << 20;

    /** Fields of one segment; the standard's longest has about 60. */
    public static final int MAX_FIELDS = 1_000;

    /** Repetitions of one field; HAPI's reading is more than linear in them. */
    public static final int MAX_REPETITIONS = 2_000;

    /** Remarks kept of one message; one more says that there were others. */
    public static final int MAX_REMARKS = 100;

    /** ERR segments of one answer. */
    public static final int MAX_ERRORS_ANSWERED = 100;

    private Limits() {}
}
