package org.chartbridge.bench;

import org.chartbridge.bench.LoadRun.Loaded;
import org.chartbridge.bench.ReferenceInsert.Inserted;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything {@code bench} found.
 *
 * @param conditions what a reader must know to compare, in words
 * @param memory of the engine at the end, in MB, by what it is
 */
public record BenchResult(
        Map<String, String> conditions,
        List<Run> runs,
        List<Reference> references,
        Map<String, Long> memory) {

    /**
     * One load.
     *
     * @param mode charted or stored
     * @param rows what SQL counted; empty when the database is not known
     * @param disagreements where rows and answers differ; empty when all is well
     * @param microsPerMessage by stage: time of a thread, not of the clock
     * @param meanGroup messages in one transaction
     */
    record Run(
            String mode,
            Loaded load,
            Optional<WrittenRows> rows,
            List<String> disagreements,
            Map<String, Double> microsPerMessage,
            double meanGroup) {}

    /**
     * The same database without the engine.
     *
     * @param share of the reference that the engine reached, 1 is as fast
     */
    record Reference(Inserted inserted, double share) {}

    /** Whether every number was confirmed by SQL, and every answer was positive. */
    public boolean confirmed() {
        return runs.stream().allMatch(run -> run.disagreements().isEmpty());
    }
}
