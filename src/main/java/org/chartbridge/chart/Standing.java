package org.chartbridge.chart;

/** What a version counts for among the versions of its value. */
public enum Standing {
    /** What a clinician sees. */
    CURRENT,
    /** Was current until a later statement took its place: history. */
    REPLACED,
    /** Arrived after a statement that outranks it. */
    LATE,
    /** Says again what was already said. */
    REPEAT,
    /** Taken back by D or W: in no clinical view. */
    WITHDRAWN,
    /** The D or W itself. */
    WITHDRAWAL,
    /** N or O: never a result. */
    NOT_SHOWN,
    /** A move that table 0085 doesn't allow: kept, flagged, never current. */
    NOT_APPLIED;

    private final String text = name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');

    /** As the database writes it. */
    public String text() {
        return text;
    }

    /** The standing of a database text. */
    public static Standing of(String text) {
        return valueOf(text.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
    }
}
