package org.chartbridge.chart;

import java.util.List;
import java.util.UUID;

/**
 * What one journal entry said, whatever became of it: for the message page, not for clinicians.
 *
 * @param leftOut how many values there are beyond {@link ChartedEntries#MAX_FACTS_PER_ENTRY}
 */
public record EntryFacts(long entryId, List<ReportFact> reports, long leftOut) {

    public EntryFacts {
        reports = List.copyOf(reports);
    }

    /** One OBR of the message. */
    public record ReportFact(
            long series,
            int version,
            Standing standing,
            String path,
            UUID personId,
            String number,
            String code,
            String codeText,
            String status,
            List<ObservationFact> observations) {

        public ReportFact {
            observations = List.copyOf(observations);
        }

        /** Ids only. */
        @Override
        public String toString() {
            return "ReportFact[series=" + series + ", version=" + version + "]";
        }
    }

    /**
     * One value of the message.
     *
     * @param valueText empty when the value was withdrawn
     */
    public record ObservationFact(
            long series,
            int version,
            Standing standing,
            String path,
            String code,
            String codeText,
            String subId,
            ObservationStatus status,
            String valueText,
            String unit) {

        /** Ids only. */
        @Override
        public String toString() {
            return "ObservationFact[series=" + series + ", version=" + version + "]";
        }
    }
}
