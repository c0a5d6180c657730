package org.chartbridge.chart;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Results folded one after the other by the fold that writes the chart, and written nowhere: for
 * tests of what partners send. A patient who comes for the first time is taken for known.
 *
 * <p>For one thread.
 */
public final class ChartInRehearsal {
    private final Map<RecordKey, PatientState> known = new HashMap<>();
    private long entries;
    private long ids;

    /** What results do after those before them. */
    public Applied fold(Results results) {
        var before = known.get(results.patient().key());
        boolean first = before == null;
        if (before == null) before = new PatientState(null, List.of(), List.of(), false);
        var recording =
                new Recording(
                        ++entries, Instant.EPOCH, () -> ++ids, () -> new UUID(0, ++ids), Map.of());
        var folded = Fold.fold(before, results, recording, first);
        known.put(results.patient().key(), folded.after());
        return folded.applied();
    }
}
