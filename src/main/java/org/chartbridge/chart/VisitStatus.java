package org.chartbridge.chart;

import java.util.Locale;

/** Where a visit stands; the words of FHIR's encounter-status. */
public enum VisitStatus {
    PLANNED,
    IN_PROGRESS,
    FINISHED,
    CANCELLED,
    /** Deleted by its sender (A23): shown to nobody who asks for visits. */
    ENTERED_IN_ERROR,
    /** Nobody said that it began, only that its number changed: not shown either. */
    UNKNOWN;

    /** In the database and in FHIR, for example {@code in-progress}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static VisitStatus of(String text) {
        for (var status : values()) if (status.text().equals(text)) return status;
        throw new IllegalArgumentException("no status of a visit");
    }
}
