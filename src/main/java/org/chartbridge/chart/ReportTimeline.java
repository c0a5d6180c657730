package org.chartbridge.chart;

import org.chartbridge.chart.Timeline.Place;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Decides which statement about a report (OBR) is the current one, in the same total order as
 * {@link Timeline}. The status is of table 0123, whose letters differ from those of the values.
 */
final class ReportTimeline {

    /**
     * One version of a report.
     *
     * @param status OBR-25, table 0123; empty when not sent
     */
    record Version(long id, long entryId, String status, long contentHash, Said said) {}

    private static final int FINAL = 2;

    /** The order in which versions are walked. */
    static final Comparator<Version> OLDEST_FIRST =
            Comparator.comparing(Version::said, Timeline.BY_TIME)
                    .thenComparingInt(version -> rank(version.status()))
                    .thenComparing(version -> version.said().controlId(), ControlIds.IN_SEQUENCE)
                    .thenComparingLong(Version::contentHash)
                    .thenComparingLong(Version::entryId);

    private ReportTimeline() {}

    /** The place of every version, by its id. */
    static Map<Long, Place> arrange(Collection<Version> versions) {
        return arrange(versions, false);
    }

    /**
     * The same; where a final result stands, a report is not cancelled (X) over it ⚠: table 0085
     * knows no way from a final result to X.
     */
    static Map<Long, Place> arrange(Collection<Version> versions, boolean hasFinalResult) {
        var sorted = new ArrayList<>(versions);
        sorted.sort(OLDEST_FIRST);
        var places = new LinkedHashMap<Long, Place>();
        if (hasFinalResult && sorted.stream().anyMatch(version -> !isCancelled(version)))
            sorted.removeIf(
                    version -> {
                        if (!isCancelled(version)) return false;
                        places.put(version.id(), new Place(Standing.NOT_APPLIED, false, 0));
                        return true;
                    });
        @Nullable Version current = null;
        for (var version : sorted) {
            if (current == null || follows(version, current)) {
                if (current != null && current.contentHash() == version.contentHash()) {
                    places.put(version.id(), new Place(Standing.REPEAT, false, 0));
                    continue;
                }
                if (current != null)
                    places.put(
                            current.id(),
                            new Place(
                                    Standing.REPLACED,
                                    isCorrection(current.status()),
                                    version.entryId()));
                places.put(
                        version.id(),
                        new Place(Standing.CURRENT, isCorrection(version.status()), 0));
                current = version;
            } else {
                places.put(version.id(), new Place(Standing.LATE, false, 0));
            }
        }
        return places;
    }

    /** Whether a later statement counts, or comes after something that goes further. */
    private static boolean follows(Version version, Version current) {
        // The order takes a less exact time for its first moment; see Timeline.
        if (version.said().against(current.said()) < 0) return false;
        int rank = rank(version.status());
        // M is a correction that is not final yet: what is final comes after it.
        return rank >= rank(current.status()) || (current.status().equals("M") && rank == FINAL);
    }

    private static boolean isCancelled(Version version) {
        return version.status().equals("X");
    }

    static boolean isCorrection(String status) {
        return status.equals("C") || status.equals("M");
    }

    /** How far along a report is: a lower one that comes later is late. */
    private static int rank(String status) {
        return switch (status) {
            case "O", "I", "S", "N" -> 0; // Ordered, in the lab, scheduled, not done.
            case "A", "R", "P" -> 1; // Some results, stored unverified, preliminary.
            case "M", "C" -> 3;
            default -> FINAL; // F, X, empty and what table 0123 doesn't know.
        };
    }
}
